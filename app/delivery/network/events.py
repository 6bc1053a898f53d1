"""The events of the centre's network."""

from __future__ import annotations

from typing import Literal

from app.delivery.network.facts import CentreNetworkFact, LateMessageFact
from app.wire import Fact


class CentreNetworkChanged(Fact):
    """The network went, is in doubt, or is there again: how many messages wait, left late, were too old."""

    type: Literal["network.suspected", "network.offline", "network.back"]
    network: CentreNetworkFact
    waiting: int = 0
    late: int = 0
    too_old: int = 0


class LateMessageDecided(Fact):
    """Somebody decided about a message that was too old to be fired."""

    type: Literal["network.late_decided"]
    message: LateMessageFact
