"""The events of the forces, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.dispatch.forces.events import (
    EquipmentChanged,
    EquipmentImported,
    ExpertCalled,
    ExpertChanged,
    ExpertsImported,
    TeamRegisterChanged,
)
from app.dispatch.handoff.events import HandoffChanged
from app.dispatch.maintenance.facts import MaintenanceChanged
from app.dispatch.outside_help.events import OutsideTeamChanged
from app.dispatch.recommendation.events import PartnerChanged, TeamStationed


class TeamStationedEvent(Envelope, TeamStationed):
    """TeamStationed on the wire."""


class PartnerChangedEvent(Envelope, PartnerChanged):
    """PartnerChanged on the wire."""


class TeamRegisterChangedEvent(Envelope, TeamRegisterChanged):
    """TeamRegisterChanged on the wire."""


class EquipmentChangedEvent(Envelope, EquipmentChanged):
    """EquipmentChanged on the wire."""


class EquipmentImportedEvent(Envelope, EquipmentImported):
    """EquipmentImported on the wire."""


class ExpertChangedEvent(Envelope, ExpertChanged):
    """ExpertChanged on the wire."""


class ExpertsImportedEvent(Envelope, ExpertsImported):
    """ExpertsImported on the wire."""


class ExpertCalledEvent(Envelope, ExpertCalled):
    """ExpertCalled on the wire."""


class MaintenanceChangedEvent(Envelope, MaintenanceChanged):
    """MaintenanceChanged on the wire."""


class HandoffChangedEvent(Envelope, HandoffChanged):
    """HandoffChanged on the wire."""


class OutsideTeamChangedEvent(Envelope, OutsideTeamChanged):
    """OutsideTeamChanged on the wire."""


ForcesEvent = (
    TeamStationed
    | OutsideTeamChanged
    | PartnerChanged
    | TeamRegisterChanged
    | EquipmentChanged
    | EquipmentImported
    | ExpertChanged
    | ExpertsImported
    | ExpertCalled
    | MaintenanceChanged
    | HandoffChanged
)
ForcesWireEvent = (
    TeamStationedEvent
    | OutsideTeamChangedEvent
    | PartnerChangedEvent
    | TeamRegisterChangedEvent
    | EquipmentChangedEvent
    | EquipmentImportedEvent
    | ExpertChangedEvent
    | ExpertsImportedEvent
    | ExpertCalledEvent
    | MaintenanceChangedEvent
    | HandoffChangedEvent
)
