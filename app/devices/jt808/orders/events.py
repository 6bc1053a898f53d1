"""The events of terminals that were told something from afar: for auditors only."""

from __future__ import annotations

from typing import Literal

from app.wire import Fact

ParametersState = Literal["read", "set", "refused", "no_answer"]


class TerminalParametersEvent(Fact):
    """Somebody set a terminal's parameters, or tried to; `wanted` is by name."""

    type: Literal["terminal.parameters"]
    device_id: int
    device_label: str
    wanted: dict[str, int]
    state: ParametersState
