"""Status round-ups (调度问情况): asked, answered, reminded, summed up, asked again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.status_call import heads
from app.dispatch.status_call.actions import answering, asking, reaching, repeats, summary
from app.dispatch.status_call.actions.access import known_call, may_answer, require_at_centre
from app.dispatch.status_call.commands import (
    CancelIn,
    CloneIn,
    RemindIn,
    RepeatIn,
    StatusAnswerIn,
    StatusCallIn,
)
from app.dispatch.status_call.facts import (
    StatusAskedFact,
    StatusCallDetail,
    StatusCallFact,
    StatusPhoneFact,
    StatusRecipientFact,
    StatusRepeatFact,
    StatusRoundFact,
)
from app.dispatch.status_call.store import calls, recipients, units
from app.org.rules.access import require
from app.refusals import NotFound

router = APIRouter(prefix="/api/status-calls", tags=["status round-ups"], route_class=DeskRoute)
Limit = Annotated[int, Query(ge=1, le=200)]
NOBODY = "-"  # a scope that covers no place
LAST_ASKED = 20


@router.post("", status_code=201)
async def ask(told: StatusCallIn, by: By, tx: InTx, house: InHouse) -> StatusCallFact:
    """Ask units typed questions with a deadline: now, or planned."""
    return await asking.ask(tx, by, told, house.clock.now(), house.settings.zone)


@router.get("")
async def listed(by: By, tx: InTx, limit: Limit = 50) -> list[StatusCallFact]:
    """Return the last rounds that ask units of the scope, open ones first."""
    require(by, "see_desk")
    own = await units.unit_of_person(tx, by.person_id)
    return await calls.latest(tx, by, by.scope, own, limit)


@router.get("/mine")
async def mine(by: By, tx: InTx, house: InHouse) -> list[StatusAskedFact]:
    """Return what waits for an answer of my unit, and what it answered lately; at the centre nothing."""
    now, own = house.clock.now(), await units.unit_of_person(tx, by.person_id)
    scope = by.scope if by.may("command") and not by.stream.startswith(by.scope) else NOBODY
    found = []
    for call in await calls.latest(tx, by, scope, own, LAST_ASKED):
        if call.state == "open" or (call.state == "closed" and call.answered < call.recipients):
            rows = await recipients.facts(tx, by.stream, scope, now, call_id=call.id, unit_id=own, by=by)
            found += [
                StatusAskedFact(call=call, unit=row)
                for row in rows
                if may_answer(by, row.unit_id, row.region_code, own)
            ]
    return found


@router.get("/{call_id}")
async def one(call_id: RowId, by: By, tx: InTx, house: InHouse) -> StatusCallDetail:
    """Return a round with its units, totals and texts, as far as the scope goes."""
    return await summary.detail(tx, by, call_id, house.clock.now())


@router.post("/{call_id}/clone", status_code=201)
async def clone(call_id: RowId, told: CloneIn, by: By, tx: InTx, house: InHouse) -> StatusCallFact:
    """Ask the same again, as the next round of the series."""
    return await asking.clone(tx, by, call_id, told, house.clock.now(), house.settings.zone)


@router.post("/{call_id}/remind")
async def remind(
    call_id: RowId, told: RemindIn, by: By, tx: InTx, house: InHouse
) -> list[StatusRecipientFact]:
    """Remind the silent, all or some; whoever answered is left in peace."""
    return await reaching.remind(tx, by, call_id, told, house.clock.now(), house.settings.zone)


@router.post("/{call_id}/close")
async def close(call_id: RowId, by: By, tx: InTx, house: InHouse) -> StatusCallFact:
    """End a round: no more reminders; later answers are taken as late."""
    return await asking.close(tx, by, call_id, house.clock.now())


@router.post("/{call_id}/cancel")
async def cancel(call_id: RowId, told: CancelIn, by: By, tx: InTx, house: InHouse) -> StatusCallFact:
    """Call a round off."""
    return await asking.cancel(tx, by, call_id, told, house.clock.now())


@router.get("/{call_id}/trend")
async def trend(call_id: RowId, by: By, tx: InTx, house: InHouse) -> list[StatusRoundFact]:
    """Return the totals of every round of the series, oldest first."""
    return await summary.trend(tx, by, call_id, house.clock.now())


@router.put("/{call_id}/repeat")
async def set_repeat(call_id: RowId, told: RepeatIn, by: By, tx: InTx, house: InHouse) -> StatusRepeatFact:
    """Ask again by itself until stopped."""
    return await repeats.set_repeat(tx, by, call_id, told, house.clock.now(), house.settings.zone)


@router.post("/{call_id}/repeat/stop")
async def stop_repeat(call_id: RowId, by: By, tx: InTx, house: InHouse) -> StatusRepeatFact:
    """Ask no more by itself."""
    return await repeats.stop(tx, by, call_id, house.clock.now())


@router.post("/recipients/{recipient_id}/read")
async def read(recipient_id: RowId, by: By, tx: InTx, house: InHouse) -> StatusRecipientFact:
    """Note that the questions are before somebody's eyes at the unit."""
    return await answering.read(tx, by, recipient_id, house.clock.now())


@router.post("/recipients/{recipient_id}/answers", status_code=201)
async def answer(
    recipient_id: RowId, told: StatusAnswerIn, by: By, tx: InTx, house: InHouse
) -> StatusRecipientFact:
    """Answer for one's own unit, or write down at the centre what was told; a correction is a new version."""
    return await answering.answer(tx, by, recipient_id, told, house.clock.now())


@router.get("/recipients/{recipient_id}/phones")
async def phones(recipient_id: RowId, by: By, tx: InTx, house: InHouse) -> list[StatusPhoneFact]:
    """Return whom the desk telephones about a unit now."""
    require_at_centre(by)
    found = await recipients.row(tx, by.stream, recipient_id)
    if found is None:
        raise NotFound("该填报单位", "recipient")
    await known_call(tx, by, found[1])
    region_code, _ = await units.place_of(tx, found[0].unit_id)
    return await heads.telephones(tx, by.stream, found[0].unit_id, region_code, house.clock.now())
