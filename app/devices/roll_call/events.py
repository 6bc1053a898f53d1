"""The events of a roll call."""

from __future__ import annotations

from typing import Literal

from app.devices.roll_call.facts import RollCallAnswerFact, RollCallFact
from app.wire import Fact


class RollCallChanged(Fact):
    """A roll call was opened or closed."""

    type: Literal["roll_call.opened", "roll_call.closed"]
    roll_call: RollCallFact


class RollCallAnswered(Fact):
    """A device answered, or somebody noted that it did not; told where the device belongs."""

    type: Literal["roll_call.answered"]
    answer: RollCallAnswerFact
