"""Times of the week in which a rule applies: «Monday to Friday, 08:00 to 20:00»."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.duty.roster.rules import wall_clock
from app.duty.roster.rules.interval import Interval, in_utc, union

DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class WeeklyWindow:
    """On these days (0 is Monday) from `start` to `end`, end exclusive, by the clock on the wall.

    `end <= start` ends on the next day: 20:00 to 08:00 is a night, and 08:00 to 08:00 is 24 hours, so that
    Monday to Friday 08:00-08:00 is one span until Saturday 08:00 (design/field.md 4.2). Raises ValueError
    for no day, a day outside 0..6, or a time with a zone of its own.
    """

    days: frozenset[int]
    start: time
    end: time

    def __post_init__(self) -> None:
        check_days(self.days)
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError(
                "时段的钟点不带时区,按本县时间计 / a window's times carry no zone: they are wall-clock times"
            )


def check_days(days: frozenset[int]) -> None:
    """Raise ValueError unless these are days of the week, at least one."""
    if not days or not days <= EVERY_DAY:
        raise ValueError("请至少选择一天,星期一为0、星期日为6 / choose days from 0 (Monday) to 6 (Sunday)")


def is_active(window: WeeklyWindow, at: datetime, zone: ZoneInfo) -> bool:
    """Say whether an aware instant lies in the window."""
    at = in_utc(at)
    today = wall_clock.wall(zone, at).date()
    return any(
        span is not None and span.start <= at < span.end
        for span in (_span(window, today + DAY * shift, zone) for shift in (-1, 0, 1))
    )


def intervals(window: WeeklyWindow, within: Interval, zone: ZoneInfo) -> tuple[Interval, ...]:
    """Return the window's spans inside `within`, cut to it, contiguous days in one piece, sorted."""
    found: list[Interval] = []
    day = wall_clock.wall(zone, within.start).date() - DAY
    last = wall_clock.wall(zone, within.end).date() + DAY  # midnight may come twice
    while day <= last:
        span = _span(window, day, zone)
        inside = span.intersect(within) if span is not None else None
        if inside is not None:
            found.append(inside)
        day += DAY
    return union(found)


def _span(window: WeeklyWindow, day: date, zone: ZoneInfo) -> Interval | None:
    """Return the window as it begins on this day; None when it does not, or a change of clocks skips it."""
    if day.weekday() not in window.days:
        return None
    start = wall_clock.at(zone, day, window.start)
    end = wall_clock.at(zone, day if window.end > window.start else day + DAY, window.end)
    return Interval(start, end) if start < end else None
