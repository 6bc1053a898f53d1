"""When was a position true?"""

from __future__ import annotations

from datetime import datetime, timedelta

FUTURE_TOLERANCE = timedelta(minutes=2)
OLDEST = timedelta(days=30)


def believable(fixed_at: datetime | None, heard_at: datetime) -> datetime:
    """Return the device's time when it can be true, else the time we heard it.

    A clock in the future or a month behind is a broken clock (field complaints 30: buffered fixes keep
    their own time, a wrong clock must not hide a live unit).
    """
    if fixed_at is None or fixed_at > heard_at + FUTURE_TOLERANCE or fixed_at < heard_at - OLDEST:
        return heard_at
    return min(fixed_at, heard_at)
