"""The events of drills."""

from __future__ import annotations

from typing import Literal

from app.exercise.facts import DrillFact
from app.exercise.rules.clock import InjectState
from app.wire import Fact


class DrillChanged(Fact):
    """A drill was planned, changed, started, paused, taken up again, finished, called off or evaluated."""

    type: Literal[
        "drill.planned",
        "drill.amended",
        "drill.started",
        "drill.paused",
        "drill.resumed",
        "drill.finished",
        "drill.cancelled",
        "drill.evaluated",
    ]
    told: DrillFact
    reason: str = ""
    drill: bool = True


class DrillInjectMoved(Fact):
    """An inject came, was held, let go, left out or marked: told to those who control the drill alone."""

    type: Literal["drill.inject_moved"]
    drill_id: int
    number: str
    inject_id: int
    key: str
    title: str
    state: InjectState
    done: bool
    drill: bool = True
