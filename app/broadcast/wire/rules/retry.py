"""When a packet that found no receipt is tried again, and when it is packed anew. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(days=1)
LEASE = timedelta(minutes=1)
"""A try ends within 20 seconds; whoever died over one is followed by another try after this time."""
SAME_BYTES = timedelta(minutes=4)
"""So long a packet is repeated byte by byte, so that a peer that has it answers its first receipt again. Then
its time of signing is old, and it is packed anew: another EBDID, the same EBMID, which the peer knows."""


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubled each time, up to five minutes."""
    times: int = 2 ** min(max(attempts - 1, 0), 12)
    return min(LONGEST, SHORTEST * times)


def next_try(
    queued_at: datetime, useful_until: datetime | None, attempts: int, now: datetime
) -> datetime | None:
    """Return when to try again, None when it would come too late: after its use has ended, or after a day."""
    at = now + pause(attempts)
    end = queued_at + GIVE_UP_AFTER if useful_until is None else useful_until
    return at if at < end else None


def packs_anew(packed_at: datetime | None, now: datetime) -> bool:
    """Whether a packet is made (again) for this try."""
    return packed_at is None or now - packed_at > SAME_BYTES
