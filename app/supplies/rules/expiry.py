"""When goods run out of date: alarms 60, 30 and 7 days before, and on the day (A5.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

EXPIRED = 0


def stage(expires_on: date | None, today: date, days: Sequence[int]) -> int | None:
    """Return the tightest of `days` that is reached, EXPIRED from the day after expiry, None before all.

    A lot is good on the day that is printed on it.
    """
    if expires_on is None:
        return None
    left = (expires_on - today).days
    if left < 0:
        return EXPIRED
    return min((one for one in days if left <= one), default=None)


def is_good(expires_on: date | None, today: date) -> bool:
    """Whether a lot may still be given out."""
    return expires_on is None or expires_on >= today
