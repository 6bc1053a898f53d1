"""When an inject is due, how long what it expects took, and what that is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.exercise.rules.script import InjectIn

InjectState = Literal["waiting", "held", "fired", "skipped"]
DrillState = Literal["planned", "running", "paused", "finished", "cancelled"]
DRILL_STEPS: Mapping[tuple[str, str], DrillState] = {
    ("planned", "start"): "running",
    ("planned", "cancel"): "cancelled",
    ("running", "pause"): "paused",
    ("paused", "resume"): "running",
    ("running", "finish"): "finished",
    ("paused", "finish"): "finished",
}
INJECT_STEPS: Mapping[tuple[str, str], InjectState] = {
    ("waiting", "fire"): "fired",
    ("held", "fire"): "fired",
    ("waiting", "hold"): "held",
    ("held", "release"): "waiting",
    ("waiting", "skip"): "skipped",
    ("held", "skip"): "skipped",
}


@dataclass(frozen=True, slots=True)
class Running:
    """A drill's time: when it began, and how long it has stood still since."""

    started_at: datetime
    stood_still: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Came:
    """What is known of an inject: when it came, and when what it expects was done."""

    fired_at: datetime | None = None
    done_at: datetime | None = None


def due_at(inject: InjectIn, running: Running, others: Mapping[str, Came]) -> datetime | None:
    """Return when an inject comes by itself, None while that is not known or a person has to say so."""
    if inject.at is not None:
        return running.started_at + running.stood_still + timedelta(seconds=inject.at)
    if inject.after is None:
        return None
    other = others.get(inject.after.inject, Came())
    begins = other.done_at if inject.after.done else other.fired_at
    return None if begins is None else begins + timedelta(seconds=inject.after.seconds)


def took_s(came: Came, now: datetime) -> int | None:
    """Return the measured seconds: until it was done, or so far; None before the inject came."""
    if came.fired_at is None:
        return None
    return max(0, int(((came.done_at or now) - came.fired_at).total_seconds()))


def worth(points: int, target_s: int, came: Came, *, over: bool) -> int | None:
    """Return the points of an inject: whole within the target, half within twice the target, else none.

    None: it has not come, or it may still be done in time while the drill is not `over`.
    """
    if came.fired_at is None:
        return None
    if came.done_at is None:
        return 0 if over else None
    seconds = (came.done_at - came.fired_at).total_seconds()
    if seconds <= target_s:
        return points
    return points // 2 if seconds <= 2 * target_s else 0
