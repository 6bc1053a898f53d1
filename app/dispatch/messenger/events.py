"""The events of messengers."""

from __future__ import annotations

from typing import Literal

from app.dispatch.messenger.facts import MessengerFact
from app.wire import Fact


class MessengerChanged(Fact):
    """A messenger left, arrived, is back with what he brings, or is not back in time."""

    type: Literal["messenger.sent", "messenger.arrived", "messenger.back", "messenger.overdue"]
    messenger: MessengerFact
