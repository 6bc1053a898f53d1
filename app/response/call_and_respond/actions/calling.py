"""A call is written down, or the person called answers himself: answered is a named person's word."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery import messages
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput
from app.response.call_and_respond.actions.access import target_for_called, target_for_desk
from app.response.call_and_respond.actions.climbing import climb, number_of
from app.response.call_and_respond.actions.starting import due_words, withdraw
from app.response.call_and_respond.actions.telling import tell_call
from app.response.call_and_respond.commands import (
    CalloutAcknowledgeIn,
    CalloutCallIn,
    CalloutHandOffIn,
)
from app.response.call_and_respond.facts import CalloutTargetFact
from app.response.call_and_respond.rules.climb import FAILED, Means, again_at
from app.response.call_and_respond.store import rounds, targets
from app.response.call_and_respond.tables import CalloutCall, CalloutPerson, CalloutRound, CalloutTarget


async def record(
    tx: Tx, by: Viewer, target_id: int, told: CalloutCallIn, now: datetime, zone: ZoneInfo
) -> CalloutTargetFact:
    """Write a call down; an answer ends the calling, a failure lets the next person be tried at once.

    Raises NotPermitted, NotFound, CalloutOver, InvalidInput.
    """
    row, target = await target_for_desk(tx, by, target_id)
    at = told_at(row, told.at, now)
    people = await targets.people(tx, [target_id])
    one = next((who for who in people if who.id == told.person_row_id), None)
    if told.person_row_id is not None and one is None:
        raise InvalidInput(FieldFault("person_row_id", "名单中没有此人", "nobody of that number on the list"))
    name = told.name or (one.name if one else "")
    if told.result == "answered" and not name:
        raise InvalidInput(FieldFault("name", "请写明是谁应答的", "say who answered"))
    call = await _written(tx, target, one, told.means)
    call.name = name
    call.number = told.number or call.number or number_of(one, told.means)
    call.result, call.words, call.at, call.by, call.entered_at = told.result, told.words, at, by.name, now
    if told.result == "answered":
        return await answer(tx, by, row, target, call, now)
    await _failed(tx, row, target, one, call, now)
    waiting = await targets.calls(tx, [target_id])
    if target.answered_at is None and not any(c.result == "due" and c.purpose == "call" for c in waiting):
        target.failed_at = now
        await climb(tx, row, [target], {target_id: people}, due_words([target], zone), now)
    return await tell_call(tx, by, row, target, call, "callout.called", now)


async def acknowledge(
    tx: Tx, by: Viewer, target_id: int, told: CalloutAcknowledgeIn, now: datetime
) -> CalloutTargetFact:
    """Take the word of a person called, given on his own page. Raises NotFound, CalloutOver."""
    row, target, line = await target_for_called(tx, by, target_id)
    one = next(who for who in await targets.people(tx, [target_id]) if who.id == line)
    call = await _written(tx, target, one, "app")
    call.result, call.words, call.at, call.by, call.entered_at = "answered", told.words, now, by.name, now
    return await answer(tx, by, row, target, call, now)


async def answer(
    tx: Tx, by: Viewer | None, row: CalloutRound, target: CalloutTarget, call: CalloutCall, now: datetime
) -> CalloutTargetFact:
    """Take an answered call: the first one stands for the target, and nobody else is called for it."""
    assert target.id is not None
    await tx.flush()
    if target.answered_at is None:
        target.answered_at, target.answered_by = call.at, call.name
        target.answered_means, target.answered_words = call.means, call.words
        target.next_at = target.failed_at = None
        if target.tier == "village" and row.kind == "alert":
            target.feedback_due_at = call.at + timedelta(minutes=rounds.minutes_of(row).feedback)
        await withdraw(tx, [target.id], now)
    return await tell_call(tx, by, row, target, call, "callout.answered", now)


async def hand_off(
    tx: Tx, by: Viewer, target_id: int, told: CalloutHandOffIn, now: datetime
) -> CalloutTargetFact:
    """Send somebody to a silent place: a task with its owner and deadline (派出所、通信员上门).

    Raises NotPermitted, NotFound, CalloutOver.
    """
    row, target = await target_for_desk(tx, by, target_id)
    call = await _written(tx, target, None, "messenger")
    call.owner, call.words, call.by = told.to, told.words, by.name
    call.result, call.at, call.entered_at = "due", now, now
    call.due_at = now + timedelta(minutes=told.minutes)
    return await tell_call(tx, by, row, target, call, "callout.handed_off", now)


async def read(tx: Tx, by: Viewer, target_ids: list[int], now: datetime) -> None:
    """Note that a person called has the words before his eyes: delivered, which is no answer."""
    mine = [one.id for one in await targets.people(tx, target_ids) if one.person_id == by.person_id]
    seen = [
        call.delivery_id
        for call in await targets.calls(tx, target_ids)
        if call.means == "app" and call.person_row_id in mine and call.delivery_id is not None
    ]
    await messages.arrived(tx, seen, now)


async def _written(tx: Tx, target: CalloutTarget, one: CalloutPerson | None, means: Means) -> CalloutCall:
    """Return the open task that this call does, else a new line after those before it."""
    before = await targets.calls(tx, [target.id or 0])
    line = one.id if one else None
    same = [call for call in before if (call.person_row_id, call.means) == (line, means)]
    for call in same:
        if call.result == "due":
            return call
    made = sum(call.result not in ("sent", "withdrawn") for call in same)
    call = CalloutCall(
        target_id=target.id or 0,
        person_row_id=line,
        name=one.name if one else "",
        number=number_of(one, means),
        means=means,
        attempt=made + 1,
        result="due",
        at=target.due_at,
        entered_at=target.due_at,
    )
    tx.add(call)
    return call


async def _failed(
    tx: Tx,
    row: CalloutRound,
    target: CalloutTarget,
    one: CalloutPerson | None,
    call: CalloutCall,
    now: datetime,
) -> None:
    """Let a busy line be tried again soon."""
    await tx.flush()
    assert call.result in FAILED
    again = again_at(call.result, call.attempt, call.at, rounds.minutes_of(row))
    if again is None or target.answered_at is not None:
        return
    tx.add(
        CalloutCall(
            target_id=target.id or 0,
            person_row_id=one.id if one else None,
            name=call.name,
            number=call.number,
            means=call.means,
            attempt=call.attempt + 1,
            result="due",
            at=now,
            entered_at=now,
            due_at=max(again, now),
            owner=target.caller,
        )
    )
    await tx.flush()


def told_at(row: CalloutRound, at: datetime | None, now: datetime) -> datetime:
    """Return when a call was made: now, or after the start and not in the future. Raises InvalidInput."""
    if at is None:
        return now
    if not row.started_at <= at <= now:
        raise InvalidInput(
            FieldFault(
                "at", "时间应在发起叫应之后、现在之前", "the call was made after the start and before now"
            )
        )
    return at
