"""The events of leaders' instructions."""

from __future__ import annotations

from typing import Literal

from app.dispatch.instruction.facts import InstructionFact
from app.wire import Fact


class InstructionChanged(Fact):
    """An instruction was written down, split into tasks, or closed."""

    type: Literal["instruction.captured", "instruction.split", "instruction.closed"]
    instruction: InstructionFact
