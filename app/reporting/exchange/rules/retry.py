"""When something that did not arrive is tried again, and for how long. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=5)
REFUSED_LEAST, REFUSED_MOST = timedelta(minutes=1), timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(days=7)
LEASE = timedelta(minutes=3)
"""A try takes less; whoever died over one is followed by another try after this time."""
ALARM_AGAIN = timedelta(minutes=30)


def pause(attempts: int, *, refused: bool) -> timedelta:
    """Return how long to wait after so many attempts: doubled each time, up to a limit.

    What the other side refused is asked less often: somebody has to put it right first.
    """
    least, most = (REFUSED_LEAST, REFUSED_MOST) if refused else (SHORTEST, LONGEST)
    times: int = 2 ** min(max(attempts - 1, 0), 12)
    return min(most, least * times)


def next_try(queued_at: datetime, attempts: int, now: datetime, *, refused: bool) -> datetime | None:
    """Return when to try again, None once it has waited for a week."""
    at = now + pause(attempts, refused=refused)
    return at if at < queued_at + GIVE_UP_AFTER else None
