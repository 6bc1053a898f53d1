"""A caller falls silent (静默): told once, with how far he may be; settled by the system when it is over."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.actions.alarms import settle_by_itself, tell_of
from app.dispatch.rules.sos import radius_m, silence_words
from app.dispatch.settings import DispatchRules
from app.dispatch.store import alarms, silence
from app.dispatch.tables import Alarm
from app.org import store as org

KIND = "caller_silent"
_WHY = {"spoke": "呼救者又有消息 / the caller was heard again", "settled": "呼救已处置 / the call is settled"}


async def silence_one(tx: Tx, now: datetime, rules: DispatchRules) -> bool:
    """Tell of one caller who fell silent, or settle one silence that is over; False when there is none.

    One a transaction, and the device's row first: what its device says in this instant waits or is seen.
    """
    if (over := await silence.is_over(tx)) is not None:
        await org.lock_device(tx, over.device_id)
        await settle_by_itself(tx, over.stream, over.device_id, KIND, _WHY[over.why], now)
        return True
    found = await silence.fell_silent(tx, now, rules.sos.silence)
    if found is None:
        return False
    await org.lock_device(tx, found.device_id)
    still = await silence.fell_silent(tx, now, rules.sos.silence)
    if still is not None and still.alarm_id == found.alarm_id:
        await _raise(tx, still, now, rules)
    return True


async def _raise(tx: Tx, found: silence.Silent, now: datetime, rules: DispatchRules) -> None:
    call = await alarms.fact(tx, found.alarm_id)
    seen = await silence.last_seen(tx, found.device_id, found.alarm_id)
    terms = rules.sos.search
    radius = radius_m(terms, seen[2], now) if seen else 0.0
    alarm = Alarm(
        stream=found.stream,
        kind=KIND,
        device_id=found.device_id,
        region_code=call.region_code,
        text=silence_words(rules.sos.silence, seen[2] if seen else None, radius, rules.zone),
        first_heard_at=now,
        last_heard_at=now,
        told_at=now,
        lon=seen[0] if seen else None,
        lat=seen[1] if seen else None,
        fixed_at=seen[2] if seen else None,
        incident_id=found.incident_id,
        search={
            "lon": seen[0],
            "lat": seen[1],
            "since": seen[2].isoformat(),
            "speed_mps": terms.speed_mps,
            "least_m": terms.least_m,
            "most_m": terms.most_m,
        }
        if seen
        else None,
    )
    tx.add(alarm)
    await tx.flush()
    await tell_of(tx, alarm, "alarm.raised", now)
