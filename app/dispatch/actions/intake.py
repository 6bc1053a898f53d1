"""Take in what devices say (接报): distress calls and texts, each exactly once, copies counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.delivery.notices import actions as notices
from app.dispatch.actions.answer import answer_by_text
from app.dispatch.events import AlarmChanged, TextReceived
from app.dispatch.exercise import store as parties
from app.dispatch.facts import TextFact
from app.dispatch.inbox import by_device
from app.dispatch.order.actions.answering import acknowledge_by_text
from app.dispatch.order.rules.words import RECEIPTS
from app.dispatch.rules.distress import (
    COPY_WINDOW,
    SAME_WORDS_WINDOW,
    answer_in,
    copy_window,
    is_distress,
    is_newer_place,
    is_of_the_settled,
    place_in,
    should_tell,
)
from app.dispatch.settings import DispatchRules, shipped
from app.dispatch.status_call.actions.texts import hear_answer
from app.dispatch.store import alarms, incidents
from app.dispatch.tables import Alarm, HeardSignal
from app.filing.rules.numbers import marked
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern
from app.org.store import DeviceFact
from app.signals import Distress, Fix, Ring, Text, Trouble
from app.tracking import store as tracking
from app.tracking.rules import believable


async def hear_distress(tx: Tx, device: DeviceFact, call: Distress, raw: bytes, now: datetime) -> int:
    """Take in one call. Returns the id of the alarm it belongs to."""
    return await hear_calls(tx, device, [call], raw, now)


async def hear_calls(tx: Tx, device: DeviceFact, calls: Sequence[Distress], raw: bytes, now: datetime) -> int:
    """Raise an alarm, or count the calls of one reading towards the one that stands.

    The device's row is locked first, so that two copies heard in the same instant by two links make one
    alarm. However many calls a reading holds, the journal is written once. Returns the last call's alarm.
    """
    await org.lock_device(tx, device.id)
    alarm = await alarms.current_of_device(tx, device.id)
    raised = False
    heard: list[Distress] = []
    alarm_id = 0
    for call in calls:
        known = alarm.id if alarm else await _settled_before(tx, device, call, now)
        if known is None:
            alarm, raised = await _raise(tx, device, call, now), True
            known = alarm.id
        assert known is not None
        alarm_id = known
        tx.add(_signal(device, "distress", call.ref, call.text, raw, call.sent_at, now, alarm_id))
        if alarm:
            heard.append(call)
    await tx.flush()
    if alarm:
        await _count(tx, alarm, heard, now, raised=raised)
    return alarm_id


async def call_in_drill(tx: Tx, device: DeviceFact, call: Distress, drill_id: int, now: datetime) -> int:
    """Raise an alarm of a drill in a device's name, apart from what the device says. Returns its id."""
    await org.lock_device(tx, device.id)
    alarm = await _raise(tx, device, call, now, drill_id=drill_id)
    await _tell(tx, alarm, "alarm.raised", now)
    return alarm.id or 0


async def _settled_before(tx: Tx, device: DeviceFact, call: Distress, now: datetime) -> int | None:
    """Return the alarm that was dealt with and of which this call is a late copy, or None."""
    copied = await alarms.already_heard(tx, device.id, call.ref, now - COPY_WINDOW)
    if copied and copied.alarm_id:
        return copied.alarm_id
    last = await alarms.last_settled(tx, device.id)
    sent_at = believable(call.sent_at, now)
    if last and is_of_the_settled(sent_at, last.least_delay, last.at):
        return last.alarm_id
    return None


async def _count(tx: Tx, alarm: Alarm, heard: list[Distress], now: datetime, *, raised: bool) -> None:
    assert alarm.id is not None
    if not raised and not should_tell(alarm.count + 1, alarm.told_at, now):
        return  # whatever the exact count is: a terminal that repeats for hours is not counted each time
    count = len(heard) if raised else await alarms.count_signals(tx, alarm.id)
    if not raised and not should_tell(count, alarm.told_at, now):
        return
    alarm.count = count
    alarm.last_heard_at = alarm.told_at = now
    for call in heard:
        _place(alarm, call, now)
    await tx.flush()
    await _tell(tx, alarm, "alarm.raised" if raised else "alarm.repeated", now)


def _place(alarm: Alarm, call: Distress, now: datetime) -> None:
    if call.fix is None:
        return
    fixed_at = believable(call.fix.fixed_at or call.sent_at, now)
    held_at = alarm.fixed_at or alarm.sent_at
    if is_newer_place(fixed_at, held_at, held=alarm.lon is not None, now=now):
        alarm.lon, alarm.lat, alarm.fixed_at = call.fix.lon, call.fix.lat, call.fix.fixed_at


async def _raise(
    tx: Tx,
    device: DeviceFact,
    call: Distress,
    now: datetime,
    kind: _Kind | None = None,
    drill_id: int | None = None,
) -> Alarm:
    trail = [point.model_dump(mode="json") for point in await tracking.trail(tx, device.id)]
    alarm = Alarm(
        stream=device.stream,
        kind=kind.alarm if kind else "sos",
        subject=kind.subject if kind else "",
        device_id=device.id,
        region_code=device.region_code,
        text=marked(call.text, drill=drill_id is not None),
        sent_at=call.sent_at,
        first_heard_at=now,
        last_heard_at=now,
        told_at=now,
        lon=call.fix.lon if call.fix else None,
        lat=call.fix.lat if call.fix else None,
        fixed_at=call.fix.fixed_at if call.fix else None,
        trail=trail,
        drill_id=drill_id,
        readers=await parties.readers(tx, drill_id),
    )
    if call.fix is None and trail:  # the last known place is better than none; the trail shows its age
        alarm.lon, alarm.lat = float(str(trail[0]["lon"])), float(str(trail[0]["lat"]))
    tx.add(alarm)
    await tx.flush()
    return alarm


async def hear_trouble(tx: Tx, device: DeviceFact, trouble: Trouble, raw: bytes, now: datetime) -> int:
    """Take in a device's own alarm: one that stands is counted, one dealt with lately stays quiet.

    Returns the id of the alarm it belongs to.
    """
    told = Distress(trouble.ref, trouble.sent_at, trouble.fix, trouble.text)
    return await _hear_of_kind(tx, device, told, raw, now, _Kind("trouble", trouble.kind))


async def hear_ring(tx: Tx, device: DeviceFact, ring: Ring, raw: bytes, now: datetime) -> int | None:
    """Let a telephone that rings open an intake card (来电); the person is named if the number is known.

    A call without an answer leaves its card: somebody has to call back. Returns the card's id, None for
    the end of a call.
    """
    if ring.stage != "ringing":
        return None
    caller = await org.caller_by_number(tx, device.stream, ring.number) if ring.number else None
    told = Distress(ring.ref, text=caller or "")
    return await _hear_of_kind(tx, device, told, raw, now, _Kind("ring", "call", ring.number))


@dataclass(frozen=True, slots=True)
class _Kind:
    """As which kind of signal and of alarm something is kept, and of whom it speaks."""

    signal: str
    alarm: str
    subject: str = ""


async def _hear_of_kind(
    tx: Tx, device: DeviceFact, told: Distress, raw: bytes, now: datetime, kind: _Kind
) -> int:
    await org.lock_device(tx, device.id)
    alarm = await alarms.current_of_device(tx, device.id, kind.alarm, kind.subject)
    copied = await alarms.already_heard(tx, device.id, told.ref, now - copy_window(kind.alarm))
    raised = alarm is None and (copied is None or copied.alarm_id is None)
    if raised:
        alarm = await _raise(tx, device, told, now, kind)
    known = alarm.id if alarm else copied.alarm_id if copied else None
    tx.add(_signal(device, kind.signal, told.ref, told.text, raw, told.sent_at, now, known))
    await tx.flush()
    if alarm:
        await _count(tx, alarm, [told], now, raised=raised)
    assert known is not None  # an alarm that stands, a new one, or that of the copy
    return known


async def hear_text(
    tx: Tx,
    device: DeviceFact,
    heard: Text,
    raw: bytes,
    now: datetime,
    rules: DispatchRules | None = None,
) -> None:
    """Take in a text: a distress call, an answer to an order or a round-up, or words for the desk to read."""
    answer = answer_in(heard.text) if device.team_id is not None else None
    if answer is None and is_distress(heard.text):
        place = place_in(heard.text)
        fix = Fix(lon=place[0], lat=place[1], fixed_at=heard.sent_at) if place else None
        call = Distress(ref=heard.ref, sent_at=heard.sent_at, fix=fix, text=heard.text)
        await hear_distress(tx, device, call, raw, now)
        return
    await org.lock_device(tx, device.id)
    copied = await alarms.already_heard(tx, device.id, heard.ref, now - COPY_WINDOW)
    if copied is None and by_device.is_thin(device.family):
        copied = await alarms.same_words(tx, device.id, heard.text, now - SAME_WORDS_WINDOW)
    tx.add(_signal(device, "text", heard.ref, heard.text, raw, heard.sent_at, now, None))
    if heard.text.strip() in RECEIPTS and await acknowledge_by_text(tx, device, now):
        return
    # A copy may answer still: a handset without a clock repeats its reference with every "1".
    if answer and await answer_by_text(tx, device, answer, now, believable(heard.sent_at, now), rules):
        return
    if device.family == "satphone" and await notices.hear_reply(
        tx, device.stream, device.number, heard.text, now
    ):
        return
    if await hear_answer(tx, device, heard, now):
        return
    if copied is None:
        await _pass_on(tx, device, heard, now)
        await by_device.file_text(tx, device, heard, now, (rules or shipped()).zone)


async def _pass_on(tx: Tx, device: DeviceFact, heard: Text, now: datetime) -> None:
    await tx.flush()
    signal = await alarms.already_heard(tx, device.id, heard.ref, now)
    assert signal is not None and signal.id is not None  # just written under the device's lock
    fact = TextFact(
        id=signal.id,
        device_id=device.id,
        device_label=device.label,
        family=device.family,
        region_code=device.region_code,
        team_id=device.team_id,
        text=heard.text,
        heard_at=now,
    )
    await journal.append(
        tx,
        device.stream,
        now,
        [journal.Entry(TextReceived(type="text.received", text=fact), Concern((device.region_code,)))],
    )


async def _tell(tx: Tx, alarm: Alarm, event_type: str, now: datetime) -> None:
    assert alarm.id is not None
    fact = await alarms.fact(tx, alarm.id)
    seen = await incidents.seen(tx, alarm.stream, alarm.incident_id) if alarm.incident_id else None
    known = seen.concern if seen else Concern((), readers=tuple(alarm.readers))
    await journal.append(
        tx,
        alarm.stream,
        now,
        [
            journal.Entry(
                AlarmChanged(type=event_type, alarm=fact),
                Concern((alarm.region_code,), restricted=known.restricted, readers=known.readers),
                alarm.incident_id,
            )
        ],
    )


def _signal(
    device: DeviceFact,
    kind: str,
    ref: str,
    text: str,
    raw: bytes,
    sent_at: datetime | None,
    now: datetime,
    alarm_id: int | None,
) -> HeardSignal:
    return HeardSignal(
        stream=device.stream,
        device_id=device.id,
        kind=kind,
        dedup_key=ref,
        text=text,
        raw=raw,
        sent_at=sent_at,
        heard_at=now,
        alarm_id=alarm_id,
    )
