"""Deadlines of round-ups: when to remind, how late an answer is, when the next round is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Standing = Literal["waiting", "answered", "late", "silent"]


@dataclass(frozen=True, slots=True)
class Every:
    """When rounds fall due: every so many hours, or at these times of the county's day; one of them.

    A round is asked `lead` before it is due.
    """

    hours: int | None
    times: tuple[time, ...]
    lead: timedelta


def late_minutes(due_at: datetime, told_at: datetime) -> int:
    """Return by how many minutes an answer came late, 0 in time; a begun minute counts."""
    return max(0, -int((due_at - told_at).total_seconds() // 60))


def remind_at(opens_at: datetime, due_at: datetime, before: timedelta | None) -> datetime | None:
    """Return when those who are silent are reminded by themselves, None for never."""
    if before is None or due_at - before <= opens_at:
        return None
    return due_at - before


def standing(due_at: datetime, late: int | None, now: datetime) -> Standing:
    """Return how a recipient stands: `late` are the minutes of its first answer, None before there is one."""
    if late is None:
        return "silent" if now > due_at else "waiting"
    return "late" if late else "answered"


def next_due(every: Every, last: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first deadline after the last one that can still be kept at `now`."""
    if every.hours is not None:
        step = timedelta(hours=every.hours)
        missed = max(0, (now - last) // step)
        return last + step * (missed + 1)
    return _next_of(every.times, max(last, now), zone)


def _next_of(times: Sequence[time], after: datetime, zone: ZoneInfo) -> datetime:
    """Walk the days of the county; a time that a clock change skips is taken as the instant it would be."""
    local = after.astimezone(zone)
    for days in range(3):
        for at in sorted(times):
            found = datetime.combine(local.date() + timedelta(days=days), at, zone)
            if found > after:
                return found.astimezone(after.tzinfo)
    raise ValueError("a schedule needs a time")
