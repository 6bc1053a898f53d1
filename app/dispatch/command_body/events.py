"""The event of the register of command bodies; those of an incident are told with the incident."""

from __future__ import annotations

from typing import Literal

from app.dispatch.command_body.facts import CommandBodyFact
from app.wire import Fact


class CommandBodyChanged(Fact):
    """A headquarters was registered, amended, or is no more."""

    type: Literal["command_body.registered", "command_body.amended", "command_body.retired"]
    body: CommandBodyFact
