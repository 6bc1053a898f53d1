"""The event of a clock that was set."""

from __future__ import annotations

from typing import Literal

from app.desk.timekeeping.facts import ClockStepFact
from app.wire import Fact


class ClockStepped(Fact):
    """The clock of a node was set, forward or back."""

    type: Literal["clock.stepped"]
    step: ClockStepFact
    zh: str
    en: str
