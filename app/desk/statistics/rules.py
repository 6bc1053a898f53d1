"""Which days a period has, and which periods it is compared with. Pure functions of dates and `now`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.duty.roster.rules.wall_clock import at

PeriodKind = Literal["week", "month", "year", "free"]
LONGEST_DAYS = 366
DAY = timedelta(days=1)
_YEAR_OF_WEEKS = timedelta(weeks=52)  # the same weekdays
Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Span:
    """A period in instants, half open; `first` and `last` are its days, both included."""

    first: date
    last: date
    first_at: datetime
    after_at: datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """A period, the one before and the same of last year.

    `running`: it is not over. Then the others end as long after their beginning as it has lasted until now,
    so that three days are not compared with seven.
    """

    now: Span
    before: Span
    last_year: Span
    running: bool

    @property
    def spans(self) -> tuple[Span, Span, Span]:
        """All three in their order."""
        return (self.now, self.before, self.last_year)


def days_of(kind: PeriodKind, on: date, until: date | None = None) -> Days:
    """Return the first and last day of the week (from Monday), month or year of a day; free: from it on."""
    match kind:
        case "week":
            monday = on - on.weekday() * DAY
            return (monday, monday + 6 * DAY)
        case "month":
            first = on.replace(day=1)
            return (first, _months(first, 1) - DAY)
        case "year":
            return (date(on.year, 1, 1), date(on.year, 12, 31))
        case "free":
            return (on, until or on)


def _months(first: date, by: int) -> date:
    number = first.year * 12 + first.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def _year_earlier(on: date) -> date:
    return on.replace(year=on.year - 1, day=28 if (on.month, on.day) == (2, 29) else on.day)


def _week(days: Days) -> tuple[Days, Days]:
    first, last = days
    return (first - 7 * DAY, last - 7 * DAY), (first - _YEAR_OF_WEEKS, last - _YEAR_OF_WEEKS)


def _month(days: Days) -> tuple[Days, Days]:
    first = days[0]
    return (_months(first, -1), first - DAY), (_months(first, -12), _months(first, -11) - DAY)


def _year(days: Days) -> tuple[Days, Days]:
    year = days[0].year - 1
    return ((date(year, 1, 1), date(year, 12, 31)),) * 2


def _free(days: Days) -> tuple[Days, Days]:
    first, last = days
    return (first - (last - first) - DAY, first - DAY), (_year_earlier(first), _year_earlier(last))


_EARLIER: Mapping[PeriodKind, Callable[[Days], tuple[Days, Days]]] = {
    "week": _week,
    "month": _month,
    "year": _year,
    "free": _free,
}


def compared(kind: PeriodKind, days: Days, now: datetime, zone: ZoneInfo) -> Compared:
    """Return a period with the two it is compared with, by the clock of the county."""
    asked = _span(days, zone)
    running = asked.first_at < now < asked.after_at
    lasted = now - asked.first_at if running else None
    before, last_year = (_span(earlier, zone, lasted) for earlier in _EARLIER[kind](days))
    return Compared(asked, before, last_year, running)


def _span(days: Days, zone: ZoneInfo, lasted: timedelta | None = None) -> Span:
    first, last = days
    begins, ends = at(zone, first, time(0)), at(zone, last + DAY, time(0))
    return Span(first, last, begins, ends if lasted is None else min(ends, begins + lasted))
