"""The event of the register of command bodies, as it stands on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.dispatch.command_body.events import CommandBodyChanged


class CommandBodyChangedEvent(Envelope, CommandBodyChanged):
    """CommandBodyChanged on the wire."""
