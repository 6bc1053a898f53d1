"""How fast a call at the desk was taken: by the clock, and by how often it rang (domain/rules B6). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

ANSWER_WITHIN, MOST_RINGS = timedelta(seconds=10), 3


def answered_in(ring_began_at: datetime | None, answered_at: datetime | None) -> float | None:
    """Return the seconds from the first ring to the answer; None where they were not told."""
    if ring_began_at is None or answered_at is None or answered_at < ring_began_at:
        return None
    return (answered_at - ring_began_at).total_seconds()


def in_time(seconds: float | None, rings: int | None) -> bool | None:
    """Whether it was taken within three rings: the count says, else the seconds, else nobody can say."""
    if rings is not None:
        return rings <= MOST_RINGS
    return None if seconds is None else seconds <= ANSWER_WITHIN.total_seconds()
