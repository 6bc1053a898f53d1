"""The events of the forces, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.dispatch.handoff.events import HandoffChanged
from app.dispatch.maintenance.facts import MaintenanceChanged
from app.dispatch.recommendation.events import PartnerChanged, TeamStationed


class TeamStationedEvent(Envelope, TeamStationed):
    """TeamStationed on the wire."""


class PartnerChangedEvent(Envelope, PartnerChanged):
    """PartnerChanged on the wire."""


class MaintenanceChangedEvent(Envelope, MaintenanceChanged):
    """MaintenanceChanged on the wire."""


class HandoffChangedEvent(Envelope, HandoffChanged):
    """HandoffChanged on the wire."""


ForcesEvent = TeamStationed | PartnerChanged | MaintenanceChanged | HandoffChanged
ForcesWireEvent = TeamStationedEvent | PartnerChangedEvent | MaintenanceChangedEvent | HandoffChangedEvent
