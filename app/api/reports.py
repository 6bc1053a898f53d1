"""Written reports (书面信息报告): drafted, reviewed, signed, sent, received, printed."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from app.api.house import By, House, InHouse, InTx
from app.api.prints import PRINTS, TYPES, Form
from app.api.route import DeskRoute
from app.commands import RowId
from app.db import Tx
from app.desk.prints.page import NoPrintFont
from app.desk.report_paper import press_of
from app.dispatch.commands import ReasonIn
from app.reporting.report.actions import access, countersigning, drafting, sending, signing
from app.reporting.report.actions.composing import Office
from app.reporting.report.commands import (
    ReportConfirmIn,
    ReportEditIn,
    ReportIn,
    ReportReturnIn,
    ReportSendIn,
    ReportSignIn,
    ReportStepIn,
)
from app.reporting.report.facts import ReportChain, ReportFact, ReportPreview
from app.reporting.report.refusals import NoSuchPaper
from app.reporting.report.store import reports
from app.reporting.report.templates import load_templates
from app.reporting.rulebook.in_force import in_force

router = APIRouter(prefix="/api", tags=["reports"], route_class=DeskRoute)
_OF = "/incidents/{incident_id}/reports"


async def _office(house: House, tx: Tx, stream: str) -> Office:
    """Return how the county writes its reports; its templates are read each time."""
    told = house.settings
    templates = await asyncio.to_thread(load_templates, told.report_templates)
    rules = (await in_force(tx, house.reporting, stream, house.clock.now())).rules
    return Office(templates, told.report_number_prefix, told.zone, rules.semantics.unknown_field_recheck)


@router.get(_OF)
async def chain(incident_id: RowId, by: By, tx: InTx, house: InHouse) -> ReportChain:
    """Return the versions of an incident, the first first."""
    return await drafting.chain(tx, by, incident_id, await _office(house, tx, by.stream))


@router.post(_OF, status_code=201)
async def draft(incident_id: RowId, told: ReportIn, by: By, tx: InTx, house: InHouse) -> ReportFact:
    """Begin the next version; its text comes from the incident's record."""
    return await drafting.draft(
        tx, by, incident_id, told, house.clock.now(), await _office(house, tx, by.stream)
    )


@router.post(f"{_OF}/preview")
async def preview(incident_id: RowId, told: ReportIn, by: By, tx: InTx, house: InHouse) -> ReportPreview:
    """Return what the next version would say now; nothing is kept."""
    return await drafting.preview(
        tx, by, incident_id, told, house.clock.now(), await _office(house, tx, by.stream)
    )


@router.get("/reports/{report_id}/preview.{form}", response_class=Response, responses=PRINTS)
async def print_preview(report_id: RowId, form: Form, by: By, tx: InTx, house: InHouse) -> Response:
    """Return how a report would look on paper now; it is not kept."""
    report = await access.seen(tx, by, report_id)
    sheet = await signing.sheet_of(tx, report, await _office(house, tx, by.stream))
    made = await press_of(house.settings.print_fonts)(sheet)
    if form not in made:
        raise NoPrintFont
    return _file(made[form], form, f"{report.title}(预览)")


@router.get("/reports/{report_id}.{form}", response_class=Response, responses=PRINTS)
async def print_report(report_id: RowId, form: Form, by: By, tx: InTx) -> Response:
    """Return the paper as it was made at the sign-off, byte by byte."""
    report = await access.seen(tx, by, report_id)
    kept = await reports.paper(tx, report_id, form)
    if kept is None:
        raise NoPrintFont if report.signed_as else NoSuchPaper
    return _file(kept.data, form, f"{report.number} {report.title}", kept.sha256)


@router.get("/reports/{report_id}")
async def one(report_id: RowId, by: By, tx: InTx) -> ReportFact:
    """Return a version with its addressees and papers."""
    return await reports.fact(tx, await access.seen(tx, by, report_id))


@router.put("/reports/{report_id}")
async def edit(report_id: RowId, told: ReportEditIn, by: By, tx: InTx, house: InHouse) -> ReportFact:
    """Write a draft anew, for all addressees alike."""
    return await drafting.edit(
        tx, by, report_id, told, house.clock.now(), await _office(house, tx, by.stream)
    )


@router.post("/reports/{report_id}/review")
async def review(report_id: RowId, told: ReportStepIn, by: By, tx: InTx, house: InHouse) -> ReportFact:
    """Review it: a leader may sign it."""
    return await drafting.review(tx, by, report_id, told.revision, house.clock.now())


@router.post("/reports/{report_id}/return")
async def send_back(report_id: RowId, told: ReportReturnIn, by: By, tx: InTx, house: InHouse) -> ReportFact:
    """Return it with what is to be changed (退回修改)."""
    return await drafting.send_back(tx, by, report_id, told, house.clock.now())


@router.post("/reports/{report_id}/drop")
async def drop(report_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse) -> ReportFact:
    """Drop it with the reason, as long as nobody signed it."""
    return await drafting.drop(tx, by, report_id, told.reason, house.clock.now())


@router.post("/reports/{report_id}/sign")
async def sign(report_id: RowId, told: ReportSignIn, by: By, tx: InTx, house: InHouse) -> ReportFact:
    """Sign it (签发), or enter a leader's oral consent; it gets its number, its paper is kept."""
    press = press_of(house.settings.print_fonts)
    return await signing.sign(
        tx, by, report_id, told, house.clock.now(), await _office(house, tx, by.stream), press
    )


@router.post("/reports/{report_id}/countersign")
async def countersign(report_id: RowId, told: ReportStepIn, by: By, tx: InTx, house: InHouse) -> ReportFact:
    """Sign afterwards what went out on oral consent (补签); registered peers get the second edition."""
    press, now = press_of(house.settings.print_fonts), house.clock.now()
    return await countersigning.countersign(
        tx, by, report_id, told.revision, now, await _office(house, tx, by.stream), press
    )


@router.post("/reports/{report_id}/send")
async def send(report_id: RowId, told: ReportSendIn, by: By, tx: InTx, house: InHouse) -> ReportFact:
    """Enter that it went out, to one addressee or to all."""
    return await sending.send(tx, by, report_id, told, house.clock.now())


@router.post("/reports/{report_id}/addressees/{addressee_id}/confirm")
async def confirm(
    report_id: RowId, addressee_id: RowId, told: ReportConfirmIn, by: By, tx: InTx, house: InHouse
) -> ReportFact:
    """Enter a receipt, or the call that confirmed it."""
    return await sending.confirm(tx, by, report_id, addressee_id, told, house.clock.now())


def _file(data: bytes, form: str, name: str, sha256: str = "") -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{form}', safe='')}"}
    if sha256:
        headers["X-Content-SHA256"] = sha256
    return Response(data, media_type=TYPES[form], headers=headers)
