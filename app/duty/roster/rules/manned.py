"""When a seat has to be manned at all: always, or on statutory holidays only (三级值班, rules B7 R15)."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from app.duty.roster.rules.calendar import FIRST_YEAR, LAST_YEAR, ExtraDay, day_kind
from app.duty.roster.rules.interval import Interval, union, within
from app.duty.roster.rules.wall_clock import at, wall

HANDOVER = time(8)  # R7: a day of duty begins at eight


def manned(
    days: str, span: Interval, zone: ZoneInfo, extra: tuple[ExtraDay, ...] = ()
) -> tuple[Interval, ...]:
    """Return the parts of a span in which a seat needs its people; a holiday runs from eight to eight.

    Of years without a calendar no holiday is known. `extra` are the county's own days.
    """
    if days != "holidays":
        return (span,)
    day = wall(zone, span.start).date() - timedelta(days=1)
    last = wall(zone, span.end).date()
    found = []
    while day <= last:
        if FIRST_YEAR <= day.year <= LAST_YEAR and day_kind(day, extra) == "statutory_holiday":
            found.append(Interval(at(zone, day, HANDOVER), at(zone, day + timedelta(days=1), HANDOVER)))
        day += timedelta(days=1)
    return within(union(found), span)
