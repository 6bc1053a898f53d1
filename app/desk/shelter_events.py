"""The events of shelters and evacuations, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.shelters.events import (
    EvacuationChanged,
    EvacuationProgressed,
    ResidentsImported,
    ShelterNearlyFull,
    ShelterRegisterChanged,
    ShelterStateChanged,
    VillageShelterSet,
)


class ShelterRegisterChangedEvent(Envelope, ShelterRegisterChanged):
    """ShelterRegisterChanged on the wire."""


class ShelterStateChangedEvent(Envelope, ShelterStateChanged):
    """ShelterStateChanged on the wire."""


class ShelterNearlyFullEvent(Envelope, ShelterNearlyFull):
    """ShelterNearlyFull on the wire."""


class VillageShelterSetEvent(Envelope, VillageShelterSet):
    """VillageShelterSet on the wire."""


class ResidentsImportedEvent(Envelope, ResidentsImported):
    """ResidentsImported on the wire."""


class EvacuationChangedEvent(Envelope, EvacuationChanged):
    """EvacuationChanged on the wire."""


class EvacuationProgressedEvent(Envelope, EvacuationProgressed):
    """EvacuationProgressed on the wire."""


ShelterEvent = (
    ShelterRegisterChanged
    | ShelterStateChanged
    | ShelterNearlyFull
    | VillageShelterSet
    | ResidentsImported
    | EvacuationChanged
    | EvacuationProgressed
)
ShelterWireEvent = (
    ShelterRegisterChangedEvent
    | ShelterStateChangedEvent
    | ShelterNearlyFullEvent
    | VillageShelterSetEvent
    | ResidentsImportedEvent
    | EvacuationChangedEvent
    | EvacuationProgressedEvent
)
