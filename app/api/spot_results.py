"""What follows from spot checks: circulars with receipts, failures put right, appeals, the league table."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from pydantic import Field

from app.api.house import By, InHouse, InTx
from app.api.pages import circular_page
from app.api.route import DeskRoute
from app.commands import Command, RowId
from app.db import Tx
from app.duty.roster.actions.post import parse_month
from app.duty.spot_check import scores
from app.duty.spot_check.actions import appeal, circular, rectify
from app.duty.spot_check.commands import AppealDecisionIn, AppealIn, CircularIn, ConfirmIn, EvidenceIn
from app.duty.spot_check.facts import (
    AppealFact,
    CircularDetail,
    ReceiptFact,
    RectificationFact,
    ScoreFact,
)
from app.duty.spot_check.store import aftermath, campaigns, circulars, findings
from app.org.rules.access import Viewer, require
from app.refusals import NotFound
from app.task import store as tasks
from app.task.actions import Source
from app.task.causing.actions import Cause, open_for
from app.task.commands import CauseTaskIn
from app.task.facts import TaskFact

router = APIRouter(prefix="/api/spot-checks", tags=["spot checks"], route_class=DeskRoute)
SPOT_SOURCE = "spot_finding"


class SignedIn(Command):
    """The version that was read and is signed."""

    version: Annotated[int, Field(ge=1)]


def _month(month: str) -> date:
    return parse_month(month)


@router.get("/scores/{month}")
async def league(
    month: Annotated[date, Depends(_month)], by: By, tx: InTx, house: InHouse
) -> list[ScoreFact]:
    """Return the month's marks (2026-12), the best first, with what each post lacks of its quota."""
    require(by, "see_desk")
    return await scores.league(tx, by.stream, by.scope, month, house.settings.zone, house.scoring)


@router.get("/rectifications")
async def rectifications(
    by: By, tx: InTx, house: InHouse, spot_check_id: RowId | None = None
) -> list[RectificationFact]:
    """Return what has to be put right in the scope."""
    require(by, "see_desk")
    return await aftermath.rectifications(
        tx, by.stream, by.scope, house.clock.now(), spot_check_id=spot_check_id
    )


@router.post("/rectifications/{rectification_id}/report")
async def report(
    rectification_id: RowId, told: EvidenceIn, by: By, tx: InTx, house: InHouse
) -> RectificationFact:
    """Say what was done about a failure at one's own post."""
    return await rectify.report(tx, by, rectification_id, told, house.clock.now())


@router.post("/rectifications/{rectification_id}/confirm")
async def confirm(
    rectification_id: RowId, told: ConfirmIn, by: By, tx: InTx, house: InHouse
) -> RectificationFact:
    """Take it as done at the centre, or send it back."""
    return await rectify.confirm(tx, by, rectification_id, told, house.clock.now())


@router.get("/appeals")
async def appeals(by: By, tx: InTx) -> list[AppealFact]:
    """Return the appeals of the scope, decided ones too."""
    require(by, "see_desk")
    return await aftermath.appeals(tx, by.stream, by.scope)


@router.post("/findings/{finding_id}/appeals", status_code=201)
async def ask(finding_id: RowId, told: AppealIn, by: By, tx: InTx, house: InHouse) -> AppealFact:
    """Appeal against one failure of one's own post."""
    return await appeal.ask(tx, by, finding_id, told, house.clock.now())


@router.post("/appeals/{appeal_id}/decision")
async def decide(appeal_id: RowId, told: AppealDecisionIn, by: By, tx: InTx, house: InHouse) -> AppealFact:
    """Uphold or refuse an appeal."""
    return await appeal.decide(tx, by, appeal_id, told, house.clock.now())


@router.get("/{spot_check_id}/tasks")
async def tasks_of(spot_check_id: RowId, by: By, tx: InTx) -> list[TaskFact]:
    """Return the closed-loop tasks that came of a check's findings."""
    require(by, "see_desk")
    ids = [one.id or 0 for one in await findings.rows_of(tx, spot_check_id)]
    return await tasks.of_cause(tx, by, SPOT_SOURCE, ids)


@router.post("/findings/{finding_id}/task", status_code=201)
async def task_of(finding_id: RowId, told: CauseTaskIn, by: By, tx: InTx, house: InHouse) -> TaskFact:
    """Let what a check found become a task of the closed loop, or return the one that is open."""
    require(by, "command")
    found = await findings.listed(tx, by.stream, by.scope, finding_id=finding_id)
    if not found or found[0].state != "failed":
        raise NotFound("该抽查不合格项", "finding of a check that failed")
    one = found[0]
    source = Source(SPOT_SOURCE, one.id, f"抽查 {one.post_name}")
    title = f"{one.post_name}抽查整改:{told.words or '、'.join(one.failures)}"
    cause = Cause(by.stream, one.region_code, "improvement", title, source)
    return (await open_for(tx, by, cause, told, house.clock.now()))[0]


@router.get("/{spot_check_id}/circular")
async def read(spot_check_id: RowId, by: By, tx: InTx) -> CircularDetail:
    """Return the circular with its text and the receipts of the scope."""
    return await _circular(tx, by, spot_check_id)


@router.get("/{spot_check_id}/circular.html", response_class=HTMLResponse)
async def print_out(spot_check_id: RowId, by: By, tx: InTx, house: InHouse) -> HTMLResponse:
    """Return the circular as a page to print."""
    return HTMLResponse(circular_page(await _circular(tx, by, spot_check_id), house.settings.zone))


@router.post("/{spot_check_id}/circular", status_code=201)
async def draft(spot_check_id: RowId, by: By, tx: InTx, house: InHouse) -> CircularDetail:
    """Write the circular from the results of a finished check."""
    return await circular.draft(tx, by, spot_check_id, house.clock.now(), house.settings.zone, house.scoring)


@router.put("/{spot_check_id}/circular")
async def edit(spot_check_id: RowId, told: CircularIn, by: By, tx: InTx, house: InHouse) -> CircularDetail:
    """Change its words until it is signed."""
    return await circular.edit(tx, by, spot_check_id, told, house.clock.now())


@router.post("/{spot_check_id}/circular/sign")
async def sign(spot_check_id: RowId, told: SignedIn, by: By, tx: InTx, house: InHouse) -> CircularDetail:
    """Sign it, as a leader."""
    return await circular.sign(tx, by, spot_check_id, told.version, house.clock.now())


@router.post("/{spot_check_id}/circular/issue")
async def issue(spot_check_id: RowId, by: By, tx: InTx, house: InHouse) -> CircularDetail:
    """Send it to every unit that could have been drawn."""
    return await circular.issue(tx, by, spot_check_id, house.clock.now())


@router.post("/{spot_check_id}/circular/receipts")
async def receive(spot_check_id: RowId, by: By, tx: InTx, house: InHouse) -> list[ReceiptFact]:
    """Acknowledge it for one's own desk."""
    return await circular.receive(tx, by, spot_check_id, house.clock.now())


async def _circular(tx: Tx, by: Viewer, spot_check_id: int) -> CircularDetail:
    """Return what this reader may see: whoever is not at the centre, once it was issued to him."""
    require(by, "see_desk")
    known = await campaigns.fact(tx, by.stream, by.scope, spot_check_id)
    told = await circulars.detail(tx, spot_check_id, by.scope) if known else None
    if told is None:
        raise NotFound("该通报", "circular")
    if not by.stream.startswith(by.scope) and not (told.state == "issued" and told.receipts):
        raise NotFound("该通报", "circular")
    return told
