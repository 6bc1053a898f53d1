"""Arithmetic on the clock on the wall: a duty handed over at 08:00 is handed over at 08:00 on every day.

Zones change their clocks. A wall time that a change skips means the first instant that exists after it, and
one that comes twice means its first coming (design/field.md 4.1, G10). Plain Python says 03:30 for a skipped
02:30; the people in the room see 01:59 become 03:00 and hand over then.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.duty.roster.rules.interval import in_utc

SECOND = timedelta(seconds=1)


def zone(name: str) -> ZoneInfo:
    """Return a zone by its IANA name. Raises ValueError when there is none such."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"没有名为 {name!r} 的时区 / there is no time zone of this name") from None


def at(zone: ZoneInfo, on: date, clock: time) -> datetime:
    """Return the instant (UTC) at which a clock in this zone shows `clock` on the day `on`.

    Raises ValueError when it lies outside the calendar's years.
    """
    return instant(zone, datetime.combine(on, clock.replace(tzinfo=None, fold=0)))


def instant(zone: ZoneInfo, wall: datetime) -> datetime:
    """Return the first instant (UTC) at which the clock has reached `wall`, a time without a zone."""
    local = wall.replace(tzinfo=zone)
    before, after = local.utcoffset(), local.replace(fold=1).utcoffset()
    assert before is not None
    assert after is not None
    try:
        if before >= after:  # shown once, or twice: then the offset of fold 0 is that of the first time
            return (wall - before).replace(tzinfo=UTC)
        return _change(zone, (wall - after).replace(tzinfo=UTC), (wall - before).replace(tzinfo=UTC))
    except OverflowError:
        raise _out_of_years() from None


def wall(zone: ZoneInfo, at: datetime) -> datetime:
    """Return what the clock on the wall shows at an aware instant, without a zone."""
    return in_utc(at).astimezone(zone).replace(tzinfo=None, fold=0)


def add(
    start: datetime, zone: ZoneInfo, *, months: int = 0, weeks: int = 0, days: int = 0, hours: int = 0
) -> datetime:
    """Return the instant (UTC) when the clock on the wall shows so much more than at `start`.

    Months first, keeping the day or taking the month's last when it has no such day (01-31 + 1 month is
    02-28 or 02-29); then weeks, days and hours. `start` is aware. Raises ValueError when it is not, or when
    the result lies outside the calendar's years.
    """
    if not (months or weeks or days or hours):
        return in_utc(start)
    shown = wall(zone, start)
    return instant(zone, shifted(shown, months, timedelta(weeks=weeks, days=days, hours=hours)))


def shifted(wall: datetime, months: int, more: timedelta) -> datetime:
    """Move a wall time by months (keeping the day or taking the last of the month), then by `more`."""
    try:
        if months:
            year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
            wall = wall.replace(year=year, month=month + 1, day=min(wall.day, monthrange(year, month + 1)[1]))
        return wall + more
    except (OverflowError, ValueError):
        raise _out_of_years() from None


def _change(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    """Return the instant of a change of clocks known to lie in (early, late], to the second."""
    offset = early.astimezone(zone).utcoffset()
    low, high = 0, -((early - late) // SECOND)
    early = early.replace(microsecond=0)
    while high - low > 1:
        middle = (low + high) // 2
        if (early + middle * SECOND).astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return early + high * SECOND


def _out_of_years() -> ValueError:
    return ValueError("日期超出日历范围(公元1至9999年) / the date lies outside the years 1 to 9999")
