"""A step of a node's clock on the wire."""

from __future__ import annotations

from datetime import datetime

from app.wire import Fact


class TimerFact(Fact):
    """Something that is due at an instant of its own: `kind` answer, watch, order or report."""

    kind: str
    name: str
    due_at: datetime


class ClockStepFact(Fact):
    """By how much a node's clock was set. `expected_at` is what it would have shown, `shown_at` what it does.

    `kept` timers stay due at their instants; those in `passed` lie between the two: after a step forward
    they are due sooner than they should be, after a step back they were acted upon and are not again.
    """

    node: str
    by_s: float
    expected_at: datetime
    shown_at: datetime
    kept: int
    passed: list[TimerFact] = []
