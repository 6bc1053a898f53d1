"""A series is asked again by itself, until somebody says stop; what the clock does with rounds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.status_call.actions import asking, reaching
from app.dispatch.status_call.actions.access import centre_of, known_call
from app.dispatch.status_call.actions.refusals import RepeatRuns
from app.dispatch.status_call.actions.telling import tell_call
from app.dispatch.status_call.commands import RepeatIn
from app.dispatch.status_call.events import StatusRepeatChanged
from app.dispatch.status_call.facts import StatusRepeatFact
from app.dispatch.status_call.rules.times import Every, next_due
from app.dispatch.status_call.store import calls, recipients
from app.dispatch.status_call.tables import StatusCall, StatusRepeat
from app.journal import store as journal
from app.org.rules.access import Viewer, actor

BY_THE_CLOCK = "定时"


async def set_repeat(
    tx: Tx, by: Viewer, call_id: int, told: RepeatIn, now: datetime, zone: ZoneInfo
) -> StatusRepeatFact:
    """Ask a series again from its last deadline on. Raises NotFound, NotPermitted, RepeatRuns."""
    call = await known_call(tx, by, call_id)
    return await repeated(tx, by, call, told, by.name, now, zone)


async def repeated(
    tx: Tx, by: Viewer | None, call: StatusCall, told: RepeatIn, name: str, now: datetime, zone: ZoneInfo
) -> StatusRepeatFact:
    """Ask the series of a locked round again; `by` None is the house itself. Raises RepeatRuns."""
    assert call.series_id is not None
    if await calls.repeat_of(tx, call.series_id, lock=True):
        raise RepeatRuns(runs=True)
    row = StatusRepeat(
        stream=call.stream,
        series_id=call.series_id,
        every_hours=told.every_hours,
        times=[f"{at:%H:%M}" for at in told.times],
        lead_minutes=told.lead_minutes,
        next_due_at=now,
        set_by=name,
        set_at=now,
    )
    last = await calls.last_of_series(tx, call.series_id)
    row.next_due_at = next_due(every_of(row), last.due_at, now, zone)
    tx.add(row)
    return await _tell(tx, by, call, row, "status_call.repeat_set", now)


async def stop(tx: Tx, by: Viewer, call_id: int, now: datetime) -> StatusRepeatFact:
    """Ask a series no more by itself; rounds that were asked go on.

    Raises NotFound, NotPermitted, RepeatRuns.
    """
    return await stopped(tx, by, await known_call(tx, by, call_id), by.name, now)


async def stopped(tx: Tx, by: Viewer | None, call: StatusCall, name: str, now: datetime) -> StatusRepeatFact:
    """Ask the series of a locked round no more; `by` None is the house itself. Raises RepeatRuns."""
    assert call.series_id is not None
    row = await calls.repeat_of(tx, call.series_id, lock=True)
    if row is None:
        raise RepeatRuns(runs=False)
    row.stopped_by, row.stopped_at = name, now
    return await _tell(tx, by, call, row, "status_call.repeat_stopped", now)


async def look(tx: Tx, stream: str, now: datetime, zone: ZoneInfo) -> int:
    """Do what is due by the clock: ask planned and repeated rounds, remind, call heads. Returns how much."""
    done = 0
    for row in await calls.repeats_due(tx, stream, now):
        done += await _again(tx, row, now, zone)
    for call in await calls.due_for(tx, stream, now, "open"):
        done += await _asked(tx, call, now, zone)
    for call in await calls.due_for(tx, stream, now, "remind"):
        call.reminded_at = now
        if silent := await recipients.silent(tx, call.id or 0):
            await reaching.remind_some(tx, None, call, silent, now, zone)
            done += 1
    for call in await calls.due_for(tx, stream, now, "escalate"):
        done += await reaching.escalate(tx, call, now, zone)
    return done


def every_of(row: StatusRepeat) -> Every:
    """Return a repeat as the rules see it."""
    times = tuple(datetime.strptime(at, "%H:%M").time() for at in row.times)  # noqa: DTZ007  a time of day
    return Every(row.every_hours, times, timedelta(minutes=row.lead_minutes))


async def _asked(tx: Tx, call: StatusCall, now: datetime, zone: ZoneInfo) -> int:
    """Ask a planned round; one whose deadline passed while the house was down is called off."""
    if call.due_at > now:
        await reaching.open_round(tx, None, call, now, zone)
    else:
        call.state, call.closed_by, call.closed_at = "cancelled", BY_THE_CLOCK, now
        await tell_call(tx, None, call, "status_call.cancelled", now, "到截止时间仍未发出")
    return 1


async def _again(tx: Tx, row: StatusRepeat, now: datetime, zone: ZoneInfo) -> int:
    """Ask the next round; one whose deadline passed while the house was down is left out."""
    every = every_of(row)
    due_at = row.next_due_at
    if due_at <= now:
        due_at = next_due(every, due_at, now, zone)
    row.next_due_at = due_at
    if due_at - every.lead > now:
        return 0
    row.next_due_at = next_due(every, due_at, now, zone)
    source = await calls.last_of_series(tx, row.series_id)
    await asking.next_of(tx, None, source, now, due_at, now, zone, title=source.title, name=BY_THE_CLOCK)
    return 1


async def _tell(
    tx: Tx,
    by: Viewer | None,
    call: StatusCall,
    row: StatusRepeat,
    type_: Literal["status_call.repeat_set", "status_call.repeat_stopped"],
    now: datetime,
) -> StatusRepeatFact:
    await tx.flush()
    fact = calls.repeat_fact(row)
    event = StatusRepeatChanged(type=type_, title=call.title, drill=call.drill, repeat=fact)
    entry = journal.Entry(event, await centre_of(tx, call), call.incident_id)
    await journal.append(tx, call.stream, now, [entry], actor(by) if by is not None else None)
    return fact
