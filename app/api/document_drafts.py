"""Free texts that become documents: daily brief (值班信息), special report (信息专报), minutes (会商纪要)."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.api.documents import answered
from app.api.house import By, InHouse, InTx
from app.api.papers import office_of
from app.api.prints import PRINTS, Form
from app.api.route import DeskRoute
from app.commands import RowId
from app.desk.documents.actions import drafting
from app.desk.documents.commands import DocumentTextEditIn, DocumentTextIn, DocumentTextStepIn
from app.desk.documents.facts import DocumentTextFact
from app.desk.documents.press import press_of, print_one
from app.desk.documents.store import drafts
from app.dispatch.commands import ReasonIn
from app.org.rules.access import require

router = APIRouter(prefix="/api/document-drafts", tags=["documents"], route_class=DeskRoute)


@router.get("")
async def listed(
    by: By,
    tx: InTx,
    state: Literal["draft", "signed", "dropped"] | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[DocumentTextFact]:
    """Return the texts of the scope, the latest first."""
    require(by, "see_desk")
    states = [state] if state else ["draft", "signed", "dropped"]
    return await drafts.listed(tx, by, states, limit)


@router.post("", status_code=201)
async def draft(told: DocumentTextIn, by: By, tx: InTx, house: InHouse) -> DocumentTextFact:
    """Begin a text; a daily brief without one is composed from the records of its day."""
    return await drafting.draft(tx, by, told, await office_of(house))


@router.get("/{draft_id}/preview.{form}", response_class=Response, responses=PRINTS)
async def preview(draft_id: RowId, form: Form, by: By, tx: InTx, house: InHouse) -> Response:
    """Return a text as it would look on paper now; it is not kept."""
    office = await office_of(house)
    laid, told = await drafting.shown(tx, by, draft_id, office)
    return answered(await print_one(laid, form, office.fonts), form, f"{told.title}(预览)")


@router.get("/{draft_id}")
async def one(draft_id: RowId, by: By, tx: InTx, house: InHouse) -> DocumentTextFact:
    """Return a text."""
    return (await drafting.shown(tx, by, draft_id, await office_of(house)))[1]


@router.put("/{draft_id}")
async def edit(
    draft_id: RowId, told: DocumentTextEditIn, by: By, tx: InTx, house: InHouse
) -> DocumentTextFact:
    """Write a text anew, at the revision that was read."""
    return await drafting.edit(tx, by, draft_id, told, await office_of(house))


@router.post("/{draft_id}/sign")
async def sign(
    draft_id: RowId, told: DocumentTextStepIn, by: By, tx: InTx, house: InHouse
) -> DocumentTextFact:
    """Sign it (签发), as a leader: it gets its number and lies in the archive."""
    office = await office_of(house)
    return await drafting.sign(tx, by, draft_id, told.revision, office, press_of(office.fonts))


@router.post("/{draft_id}/drop")
async def drop(draft_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse) -> DocumentTextFact:
    """Drop it with the reason."""
    return await drafting.drop(tx, by, draft_id, told.reason, await office_of(house))
