"""Days of duty and the numbers of their logs: 樟应值〔2025〕第 183 号."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.wall_clock import at

BEGINS = time(8)  # R7: a day of duty runs from eight to eight


def number_of(prefix: str, day: date) -> str:
    """Return the number of a day's log: each day of the year has its own, none is missing."""
    return f"{prefix}〔{day.year}〕第 {day.timetuple().tm_yday} 号"


def span_of(day: date, zone: ZoneInfo) -> Interval:
    """Return a day of duty: from eight to eight."""
    return Interval(at(zone, day, BEGINS), at(zone, day + timedelta(days=1), BEGINS))


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """Return the day of duty an instant belongs to: before eight it is still yesterday's."""
    local = instant.astimezone(zone)
    return local.date() if local.time() >= BEGINS else local.date() - timedelta(days=1)


def days_of_month(first: date) -> list[date]:
    """Return the days of a month."""
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return [first + timedelta(days=n) for n in range((following - first).days)]
