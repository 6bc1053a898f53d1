"""When the next of a row of reports is due, from when the last ones were made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.duty.roster.rules.calendar import DAY, ExtraDay, day_kind
from app.reporting.rules.book import SECOND, Schedule

WORKED = ("workday", "makeup_workday")


def end_of_day(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the last second of an instant's local day: what is due "the same day" (当日)."""
    return day_end(at.astimezone(zone).date(), zone)


def day_end(on: date, zone: ZoneInfo) -> datetime:
    """Return the last second of a local day."""
    return datetime.combine(on + DAY, time(), zone) - SECOND


def working_days_after(at: datetime, days: int, zone: ZoneInfo, extra: tuple[ExtraDay, ...] = ()) -> datetime:
    """Return the last second of the n-th working day after an instant's local day, which does not count."""
    return day_end(_worked(at.astimezone(zone).date(), days, extra), zone)


@lru_cache(maxsize=4096)
def _worked(on: date, days: int, extra: tuple[ExtraDay, ...]) -> date:
    while days > 0:
        on += DAY
        days -= day_kind(on, extra) in WORKED
    return on


def next_due(schedule: Schedule, start: datetime, told: Sequence[datetime], zone: ZoneInfo) -> datetime:
    """Return when the next report is due of a row that runs from `start`; `told` are the reports, ascending.

    A report that is missed stays due until the next one is made; that one overtakes whatever was missed.

    * so many a day: the end of the first local day, from the day of the last report on, that has fewer;
      any report of the day counts, also one before `start`
    * hours of the day: each hour is discharged by a report after the hour before it
    * every so many minutes: counted from the last report, or from `start`
    """
    if schedule.per_day_min is not None:
        return _a_day(schedule.per_day_min, start, told, zone)
    if schedule.daily_at:
        return _at_hours(schedule.daily_at, start, told, zone)
    assert schedule.every_min is not None  # profile.py: one of the three
    last = max([start, *told[-1:]])
    at = last + timedelta(minutes=schedule.every_min)
    if schedule.for_h is None or schedule.then is None:
        return at
    over = start + timedelta(hours=schedule.for_h)
    if at <= over:
        return at
    if schedule.then.every_min is not None:
        return last + timedelta(minutes=schedule.then.every_min)
    return next_due(schedule.then, over, [one for one in told if one > over], zone)


def _a_day(least: int, start: datetime, told: Sequence[datetime], zone: ZoneInfo) -> datetime:
    first = start.astimezone(zone).date()
    if not told or told[-1].astimezone(zone).date() < first:
        return day_end(first, zone)
    last = told[-1].astimezone(zone).date()
    made = sum(one.astimezone(zone).date() == last for one in told)
    return day_end(last if made < least else last + DAY, zone)


def _at_hours(hours: tuple[time, ...], start: datetime, told: Iterable[datetime], zone: ZoneInfo) -> datetime:
    before, due = start, _slot_after(hours, start, zone)
    for at in told:
        if at >= due:
            before, due = at, _slot_after(hours, at, zone)
        elif at > before:
            before, due = due, _slot_after(hours, due, zone)
    return due


def _slot_after(hours: tuple[time, ...], at: datetime, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    today = [datetime.combine(local.date(), hour, zone) for hour in hours]
    later = [slot for slot in today if slot > at]
    return min(later) if later else datetime.combine(local.date() + DAY, min(hours), zone)
