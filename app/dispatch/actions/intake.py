"""Take in what devices say (接报): distress calls and texts, each exactly once, copies counted."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.actions.answer import answer_by_text
from app.dispatch.events import AlarmChanged, TextReceived
from app.dispatch.facts import TextFact
from app.dispatch.rules.distress import COPY_WINDOW, answer_in, is_distress, place_in, should_tell
from app.dispatch.store import alarms, incidents
from app.dispatch.tables import Alarm, HeardSignal
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern
from app.org.store import DeviceFact
from app.signals import Distress, Fix, Text
from app.tracking import store as tracking


async def hear_distress(tx: Tx, device: DeviceFact, call: Distress, raw: bytes, now: datetime) -> int:
    """Raise an alarm, or count the call towards the one that stands. Returns the alarm's id.

    The device's row is locked first, so that two copies heard in the same instant by two links make
    one alarm.
    """
    await org.lock_device(tx, device.id)
    alarm = await alarms.current_of_device(tx, device.id)
    if alarm is None:
        copied = await alarms.already_heard(tx, device.id, call.ref, now - COPY_WINDOW)
        if copied and copied.alarm_id:  # a late copy of a call that was dealt with already
            tx.add(_signal(device, "distress", call.ref, call.text, raw, call.sent_at, now, copied.alarm_id))
            return copied.alarm_id
        return await _raise(tx, device, call, raw, now)
    assert alarm.id is not None
    tx.add(_signal(device, "distress", call.ref, call.text, raw, call.sent_at, now, alarm.id))
    await tx.flush()
    count = await alarms.count_signals(tx, alarm.id)
    if should_tell(count, alarm.told_at, now):
        alarm.count = count
        alarm.last_heard_at = alarm.told_at = now
        if call.fix:
            alarm.lon, alarm.lat, alarm.fixed_at = call.fix.lon, call.fix.lat, call.fix.fixed_at
        await tx.flush()
        await _tell(tx, alarm, "alarm.repeated", now)
    return alarm.id


async def _raise(tx: Tx, device: DeviceFact, call: Distress, raw: bytes, now: datetime) -> int:
    trail = [point.model_dump(mode="json") for point in await tracking.trail(tx, device.id)]
    alarm = Alarm(
        stream=device.stream,
        device_id=device.id,
        region_code=device.region_code,
        text=call.text,
        sent_at=call.sent_at,
        first_heard_at=now,
        last_heard_at=now,
        told_at=now,
        lon=call.fix.lon if call.fix else None,
        lat=call.fix.lat if call.fix else None,
        fixed_at=call.fix.fixed_at if call.fix else None,
        trail=trail,
    )
    if call.fix is None and trail:  # the last known place is better than none; the trail shows its age
        alarm.lon, alarm.lat = float(str(trail[0]["lon"])), float(str(trail[0]["lat"]))
    tx.add(alarm)
    await tx.flush()
    assert alarm.id is not None
    tx.add(_signal(device, "distress", call.ref, call.text, raw, call.sent_at, now, alarm.id))
    await tx.flush()
    await _tell(tx, alarm, "alarm.raised", now)
    return alarm.id


async def hear_text(tx: Tx, device: DeviceFact, heard: Text, raw: bytes, now: datetime) -> None:
    """Take in a text: a distress call, an answer to an order, or words for the desk to read."""
    answer = answer_in(heard.text) if device.team_id is not None else None
    if answer is None and is_distress(heard.text):
        place = place_in(heard.text)
        fix = Fix(lon=place[0], lat=place[1], fixed_at=heard.sent_at) if place else None
        call = Distress(ref=heard.ref, sent_at=heard.sent_at, fix=fix, text=heard.text)
        await hear_distress(tx, device, call, raw, now)
        return
    await org.lock_device(tx, device.id)
    copied = await alarms.already_heard(tx, device.id, heard.ref, now - COPY_WINDOW)
    tx.add(_signal(device, "text", heard.ref, heard.text, raw, heard.sent_at, now, None))
    # A copy may answer still: a handset without a clock repeats its reference with every "1".
    if answer and await answer_by_text(tx, device, answer, now):
        return
    if copied is None:
        await _pass_on(tx, device, heard, now)


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
    restricted = seen is not None and seen.concern.restricted
    await journal.append(
        tx,
        alarm.stream,
        now,
        [
            journal.Entry(
                AlarmChanged(type=event_type, alarm=fact),
                Concern((alarm.region_code,), restricted=restricted),
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
