"""The events of emergency broadcast, as they stand on the wire."""

from __future__ import annotations

from app.broadcast.events import (
    BroadcastChanged,
    BroadcastReached,
    BroadcastRepairChanged,
    BroadcastVerified,
)
from app.desk.envelope import Envelope


class BroadcastChangedEvent(Envelope, BroadcastChanged):
    """BroadcastChanged on the wire."""


class BroadcastReachedEvent(Envelope, BroadcastReached):
    """BroadcastReached on the wire."""


class BroadcastVerifiedEvent(Envelope, BroadcastVerified):
    """BroadcastVerified on the wire."""


class BroadcastRepairChangedEvent(Envelope, BroadcastRepairChanged):
    """BroadcastRepairChanged on the wire."""


BroadcastEvent = BroadcastChanged | BroadcastReached | BroadcastVerified | BroadcastRepairChanged
BroadcastWireEvent = (
    BroadcastChangedEvent | BroadcastReachedEvent | BroadcastVerifiedEvent | BroadcastRepairChangedEvent
)
