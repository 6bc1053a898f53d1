"""How complete a shift's log is (domain/rules B7 R12): four hours without an entry are a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

MOST = timedelta(hours=4)
"""So long a desk may write nothing (LOG_GAP beyond it)."""
AROUND_HANDOVER = timedelta(minutes=30)
"""An entry this near to the end of a shift is the entry at hand-over."""
HANDOVER_SHARE = 10


@dataclass(frozen=True, slots=True)
class Gap:
    """A span without an entry that is longer than allowed."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Score:
    """How complete: `percent` 0–100; `at_handover` None while the shift still runs."""

    percent: int
    entries: int
    gaps: tuple[Gap, ...]
    at_handover: bool | None


def score(entered: Sequence[datetime], start: datetime, end: datetime, now: datetime) -> Score:
    """Judge a shift [start, end) by when its desk wrote something; entries around it may be given too.

    An entry, and the beginning, speaks for the four hours after it. What is not spoken for is missing; the
    entry at hand-over counts a tenth once the shift is over. A shift that wrote nothing has nothing.
    """
    until = min(end, now)
    inside = sorted(at for at in entered if start <= at < end and at <= now)
    ended = now >= end + AROUND_HANDOVER
    at_handover = any(abs(at - end) <= AROUND_HANDOVER for at in entered) if ended else None
    if until <= start:
        return Score(100, 0, (), None)
    points = [start, *inside, until]
    gaps = tuple(Gap(a, b) for a, b in pairwise(points) if b - a > MOST)
    if not inside:
        return Score(0 if gaps else 100, 0, gaps, at_handover)
    missing = sum((gap.end - gap.start - MOST for gap in gaps), timedelta())
    share = 1 - missing / (until - start)
    if at_handover is None:
        return Score(round(100 * share), len(inside), gaps, None)
    percent = round((100 - HANDOVER_SHARE) * share) + (HANDOVER_SHARE if at_handover else 0)
    return Score(percent, len(inside), gaps, at_handover)
