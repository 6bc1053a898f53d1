"""How long a login stays blocked after failures."""

from __future__ import annotations

from datetime import datetime, timedelta

FREE_FAILURES = 5
FREE_WRONG_CODES = 10  # from everywhere together: a million codes are tried for years
FREE_FAILURES_OF_ADDRESS = 20  # a whole office may share one
FIRST_BLOCK = timedelta(seconds=30)
LONGEST_BLOCK = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=1)


def blocked_for(failures: int, free: int = FREE_FAILURES) -> timedelta:
    """Return how long the next attempt must wait: nothing at first, then 30 s, doubling to 15 min."""
    if failures < free:
        return timedelta(0)
    doublings = min(failures - free, 10)
    return min(FIRST_BLOCK * (1 << doublings), LONGEST_BLOCK)


def failures_that_count(failures: int, last_failed_at: datetime, now: datetime) -> int:
    """Return the failures not yet forgotten."""
    return 0 if now - last_failed_at > FORGET_AFTER else failures
