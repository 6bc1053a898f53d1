"""Reaction times (反应时间): spans between milestones, percentiles, targets. Pure functions of data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Grade = Literal["green", "amber", "red"]
AMBER_UP_TO = 2.0  # of the target (S01: 5:20 of 3:00 is amber); domain/rules.md B6 gives the targets


@dataclass(frozen=True, slots=True)
class Milestones:
    """When an assignment reached what; None where it was never told."""

    assigned_at: datetime
    acknowledged_at: datetime | None = None
    en_route_at: datetime | None = None
    on_scene_at: datetime | None = None
    task_done_at: datetime | None = None
    returned_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """Spans in seconds; None where a milestone is missing or a clock ran backwards: never negative.

    `turnout` from the order to the departure, `travel` to the arrival, `response` from the order to the
    arrival, `scene` to the end of the task, `back` to the return, `total` from the order to the last of them.
    """

    answer: int | None
    turnout: int | None
    travel: int | None
    response: int | None
    scene: int | None
    back: int | None
    total: int | None


def between(first: datetime | None, then: datetime | None) -> int | None:
    """Return whole seconds from one instant to the other; None if one is missing or it would be negative."""
    if first is None or then is None or then < first:
        return None
    return int((then - first).total_seconds())


def times(of: Milestones) -> Times:
    """Return the spans of one assignment (T: field.md D15)."""
    last = of.returned_at or of.task_done_at
    return Times(
        answer=between(of.assigned_at, of.acknowledged_at),
        turnout=between(of.assigned_at, of.en_route_at),
        travel=between(of.en_route_at, of.on_scene_at),
        response=between(of.assigned_at, of.on_scene_at),
        scene=between(of.on_scene_at, of.task_done_at),
        back=between(of.task_done_at, of.returned_at),
        total=between(of.assigned_at, last),
    )


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the value below which a share (0…1) of the values lies, interpolated; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, None of nothing."""
    return sum(values) / len(values) if values else None


def grade(seconds: float | None, target_s: float | None) -> Grade | None:
    """Return how a time stands to its target: within it green, up to twice as long amber, else red."""
    if seconds is None or target_s is None:
        return None
    if seconds <= target_s:
        return "green"
    return "amber" if seconds <= target_s * AMBER_UP_TO else "red"


def busy_s(spans: Iterable[tuple[datetime, datetime]], begin: datetime, end: datetime) -> int:
    """Return the seconds of a period in which a team was out; overlapping spans count once."""
    total, reached = 0.0, begin
    for first, last in sorted(spans):
        since = max(first, reached)
        until = min(last, end)
        if until > since:
            total += (until - since).total_seconds()
            reached = until
    return int(total)


def in_time(measured: Iterable[tuple[float | None, float | None]]) -> float | None:
    """Return the share of (seconds, target) pairs within their target; None when nothing was measured."""
    known = [seconds <= target for seconds, target in measured if seconds is not None and target is not None]
    return sum(known) / len(known) if known else None


def grade_of_share(share: float | None) -> Grade | None:
    """Return how a month stands: nine of ten in time is green, seven of ten amber."""
    if share is None:
        return None
    return "green" if share >= 0.9 else "amber" if share >= 0.7 else "red"
