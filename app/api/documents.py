"""Documents (文书): the kinds and their templates, the archive, filing, preview and print."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.api.house import By, InHouse, InTx
from app.api.papers import office_of
from app.api.prints import INLINE, PRINTS, TYPES, Form
from app.api.route import DeskRoute
from app.commands import RowId
from app.db import Tx
from app.desk.documents.actions import filing, printing
from app.desk.documents.commands import DocumentFileIn, DocumentPrintIn
from app.desk.documents.facts import DocumentDetail, DocumentFact, DocumentKindFact, DocumentPage
from app.desk.documents.kinds_told import kinds_told
from app.desk.documents.press import press_of, print_one
from app.desk.documents.rules.kinds import DocumentKind, MadeKind
from app.desk.documents.store import documents
from app.desk.documents.store.documents import Sought
from app.desk.prints.page import NoPrintFont
from app.filing.store import archive
from app.org.rules.access import Viewer, require
from app.refusals import NotFound
from app.reporting.report.templates import load_templates

router = APIRouter(prefix="/api/documents", tags=["documents"], route_class=DeskRoute)
Words = Annotated[str, Query(max_length=60, description="stand in title, number or issuer")]
Place = Annotated[str, Query(pattern=r"^\d{0,12}$", description="desks below this place")]
Part = Annotated[str, Query(max_length=12, pattern=r"^[0-9-]*$")]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("")
async def listed(
    by: By,
    tx: InTx,
    house: InHouse,
    kind: DocumentKind | None = None,
    words: Words = "",
    place: Place = "",
    incident_id: RowId | None = None,
    drill: bool | None = None,  # noqa: FBT001
    since: date | None = None,
    until: date | None = None,
    before: RowId | None = None,
    limit: Limit = 50,
) -> DocumentPage:
    """Return archived documents of the scope, the latest first; days are whole, in the county's time."""
    require(by, "see_desk")
    zone = house.settings.zone
    sought = Sought(
        kind,
        words.strip(),
        place,
        incident_id,
        drill,
        _midnight(since, zone),
        _midnight(until, zone, timedelta(days=1)),
        before,
    )
    found = await documents.listed(tx, by, sought, limit + 1)
    return DocumentPage(documents=found[:limit], more=len(found) > limit)


@router.post("", status_code=201)
async def file(told: DocumentFileIn, by: By, tx: InTx, house: InHouse) -> DocumentFact:
    """File a document: it gets its number and is kept byte by byte; unchanged, it is the one there is."""
    office = await office_of(house)
    return await filing.file(tx, by, told, office, press_of(office.fonts))


@router.get("/kinds")
async def kinds(by: By, house: InHouse) -> list[DocumentKindFact]:
    """Return the kinds of documents, who signs them, their numbers, and how their templates stand."""
    require(by, "see_desk")
    told = house.settings
    reports = await asyncio.to_thread(load_templates, told.report_templates)
    office = await office_of(house)
    return kinds_told(office, reports, told.report_number_prefix, told.report_templates is not None)


@router.get("/preview.{form}", response_class=Response, responses=PRINTS)
async def preview(
    form: Form,
    by: By,
    tx: InTx,
    house: InHouse,
    kind: MadeKind,
    id: RowId = 1,  # noqa: A002  the name on the wire
    part: Part = "",
    drill: bool = False,  # noqa: FBT001, FBT002
) -> Response:
    """Return a document as it would be filed now; nothing is kept and no number is used."""
    office = await office_of(house)
    told = DocumentFileIn(kind=kind, id=id, part=part, drill=drill)
    laid, name = await filing.preview(tx, by, told, office)
    return answered(await print_one(laid, form, office.fonts), form, f"{name}(预览)")


@router.get("/{document_id}")
async def one(document_id: RowId, by: By, tx: InTx) -> DocumentDetail:
    """Return a document with the words on the paper."""
    return await seen(tx, by, document_id)


@router.post("/{document_id}/prints", status_code=201)
async def note_print(
    document_id: RowId, told: DocumentPrintIn, by: By, tx: InTx, house: InHouse
) -> DocumentFact:
    """Note that somebody takes it out to print or keep; the file itself is read after that."""
    return await printing.note(tx, by, document_id, told.form, house.clock.now())


@router.get("/{document_id}/{way}.{form}", response_class=Response, responses=PRINTS)
async def bytes_of(
    document_id: RowId, way: Literal["file", "view"], form: Form, by: By, tx: InTx
) -> Response:
    """Return the bytes as they were printed: as a file to keep, or to look at in the browser."""
    found = await seen(tx, by, document_id)
    kept = await archive.file(tx, document_id, form)
    if kept is None:
        raise NoPrintFont
    name = f"{found.number} {found.title}".strip()
    return answered(kept.data, form, name, kept.sha256, inline=way == "view")


async def seen(tx: Tx, by: Viewer, document_id: int) -> DocumentDetail:
    """Return a document this person may read. Raises NotPermitted, NotFound."""
    require(by, "see_desk")
    found = await documents.seen(tx, by, document_id)
    if found is None:
        raise NotFound("该文书", "document")
    return found


def answered(data: bytes, form: str, name: str, sha256: str = "", *, inline: bool = True) -> Response:
    """Return a file; a PDF to look at may stand in a frame of the console itself."""
    shown = "inline" if inline and form == "pdf" else "attachment"
    headers = {"Content-Disposition": f"{shown}; filename*=UTF-8''{quote(f'{name}.{form}', safe='')}"}
    if shown == "inline":
        headers |= INLINE
    if sha256:
        headers["X-Content-SHA256"] = sha256
    return Response(data, media_type=TYPES[form], headers=headers)


def _midnight(day: date | None, zone: ZoneInfo, more: timedelta = timedelta(0)) -> datetime | None:
    return datetime.combine(day + more, time(0), zone) if day and 2000 <= day.year <= 2099 else None
