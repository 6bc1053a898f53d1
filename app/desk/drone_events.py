"""The events of drones, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.devices.drones.events import DroneLiveEnded, DroneMissionChanged


class DroneMissionChangedEvent(Envelope, DroneMissionChanged):
    """DroneMissionChanged on the wire."""


class DroneLiveEndedEvent(Envelope, DroneLiveEnded):
    """DroneLiveEnded on the wire."""


DroneEvent = DroneMissionChanged | DroneLiveEnded
DroneWireEvent = DroneMissionChangedEvent | DroneLiveEndedEvent
