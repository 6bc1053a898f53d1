"""What people say of the centre's network."""

from __future__ import annotations

from typing import Literal

from app.commands import Command, Reason


class NetworkIn(Command):
    """What an officer knows: our network is away, it is there, or the silence is the units' own."""

    state: Literal["offline", "online", "units_silent"]


class LateDecisionIn(Command):
    """Send a message that grew too old once more, marked with its first time; or drop it."""

    decision: Literal["again", "drop"]
    reason: Reason
