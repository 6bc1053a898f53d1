"""Call-and-respond (预警叫应): rounds, calls, reports, spot calls, the sheet of five columns."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.api.causes import must_be_drill
from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.api.workbooks import WORKBOOK, workbook
from app.commands import RowId
from app.desk.callout_paper import book_of, name_of
from app.org.rules.access import require
from app.refusals import NotFound
from app.response.call_and_respond.actions import calling, reporting, same, starting, verifying, widening
from app.response.call_and_respond.commands import (
    CalloutAcknowledgeIn,
    CalloutAreaIn,
    CalloutCallIn,
    CalloutEndIn,
    CalloutHandOffIn,
    CalloutReportIn,
    CalloutRoundIn,
    CalloutSameIn,
    CalloutVerifyIn,
)
from app.response.call_and_respond.facts import (
    CalloutCause,
    CalloutMineFact,
    CalloutRoundDetail,
    CalloutRoundFact,
    CalloutTargetDetail,
    CalloutTargetFact,
)
from app.response.call_and_respond.reading import mine_of, round_detail, target_detail
from app.response.call_and_respond.store import rounds

router = APIRouter(prefix="/api/call-and-respond", tags=["call and respond"], route_class=DeskRoute)
Limit = Annotated[int, Query(ge=1, le=100)]


@router.post("", status_code=201)
async def start(told: CalloutRoundIn, by: By, tx: InTx, house: InHouse) -> CalloutRoundFact:
    """Start a round: its lists are frozen, the first texts leave."""
    await must_be_drill(tx, by, told.cause_kind, told.cause_id, drill=told.drill)
    return await starting.start(tx, by, told, house.clock.now(), house.settings.zone)


@router.get("")
async def listed(
    by: By,
    tx: InTx,
    house: InHouse,
    limit: Limit = 30,
    cause_kind: CalloutCause | None = None,
    cause_id: RowId | None = None,
) -> list[CalloutRoundFact]:
    """Return the last rounds that call places of the scope, running ones first; or those of one cause."""
    require(by, "see_desk")
    cause = (cause_kind, cause_id) if cause_kind is not None and cause_id is not None else None
    return await rounds.latest(tx, by.stream, by.scope, house.clock.now(), limit, cause)


@router.get("/mine")
async def mine(by: By, tx: InTx, house: InHouse) -> list[CalloutMineFact]:
    """Return the running rounds in which I am called myself."""
    return await mine_of(tx, by, house.clock.now())


@router.get("/{round_id}.xlsx", response_class=Response, responses=WORKBOOK)
async def sheet(round_id: RowId, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the five steps of every village as an Excel workbook."""
    told = await round_detail(tx, by, round_id, house.clock.now())
    book = await asyncio.to_thread(book_of, told, house.settings.zone)
    return workbook(book, name_of(told))


@router.get("/{round_id}")
async def one(round_id: RowId, by: By, tx: InTx, house: InHouse) -> CalloutRoundDetail:
    """Return a round with its targets, as far as the scope goes."""
    return await round_detail(tx, by, round_id, house.clock.now())


@router.post("/{round_id}/verification")
async def draw(round_id: RowId, by: By, tx: InTx, house: InHouse) -> CalloutRoundFact:
    """Draw the villages of the spot calls, once."""
    return await verifying.draw_villages(tx, by, round_id, house.clock.now())


@router.post("/{round_id}/places")
async def widen(round_id: RowId, told: CalloutAreaIn, by: By, tx: InTx, house: InHouse) -> CalloutRoundFact:
    """Extend a running round by places; each is called within its minutes from now."""
    return await widening.widen(tx, by, round_id, told, house.clock.now(), house.settings.zone)


@router.post("/{round_id}/end")
async def end(round_id: RowId, told: CalloutEndIn, by: By, tx: InTx, house: InHouse) -> CalloutRoundFact:
    """End a round."""
    return await starting.end(tx, by, round_id, told, house.clock.now())


@router.post("/{round_id}/tell-the-same", status_code=201)
async def tell_the_same(
    round_id: RowId, told: CalloutSameIn, by: By, tx: InTx, house: InHouse
) -> CalloutRoundFact:
    """Tell exactly those who got the alert that its cause was lowered or cancelled."""
    return await same.tell_the_same(tx, by, round_id, told, house.clock.now())


@router.get("/targets/{target_id}")
async def target(target_id: RowId, by: By, tx: InTx, house: InHouse) -> CalloutTargetDetail:
    """Return a target with its people, every call and every report."""
    return await target_detail(tx, by, target_id, house.clock.now())


@router.post("/targets/{target_id}/calls")
async def call(
    target_id: RowId, told: CalloutCallIn, by: By, tx: InTx, house: InHouse
) -> CalloutTargetDetail:
    """Write a call down; a failure opens the next person or means at once."""
    now = house.clock.now()
    await calling.record(tx, by, target_id, told, now, house.settings.zone)
    return await target_detail(tx, by, target_id, now)


@router.post("/targets/{target_id}/acknowledge")
async def acknowledge(
    target_id: RowId, told: CalloutAcknowledgeIn, by: By, tx: InTx, house: InHouse
) -> CalloutTargetFact:
    """Answer for oneself: received and understood."""
    return await calling.acknowledge(tx, by, target_id, told, house.clock.now())


@router.post("/targets/{target_id}/hand-off")
async def hand_off(
    target_id: RowId, told: CalloutHandOffIn, by: By, tx: InTx, house: InHouse
) -> CalloutTargetFact:
    """Send somebody to a silent place: a task with owner and deadline."""
    return await calling.hand_off(tx, by, target_id, told, house.clock.now())


@router.post("/targets/{target_id}/reports")
async def report(
    target_id: RowId, told: CalloutReportIn, by: By, tx: InTx, house: InHouse
) -> CalloutTargetFact:
    """Report what was done."""
    if by.person_id is None and not by.may("command"):
        raise NotFound("该叫应", "call")
    return await reporting.report(tx, by, target_id, told, house.clock.now())


@router.post("/targets/{target_id}/verify")
async def verify(
    target_id: RowId, told: CalloutVerifyIn, by: By, tx: InTx, house: InHouse
) -> CalloutTargetFact:
    """Keep what a spot call found."""
    return await verifying.verify(tx, by, target_id, told, house.clock.now())
