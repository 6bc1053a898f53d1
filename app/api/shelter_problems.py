"""The status of every refusal of shelters and evacuations."""

from __future__ import annotations

from collections.abc import Mapping

from app.refusals import Refusal
from app.shelters.refusals import (
    EvacuationOver,
    EvacueeTwice,
    NobodyToMove,
    NotAllBack,
    NotMovedYet,
    ShelterIsClosed,
    ShelterIsOpen,
    ShelterNameTaken,
    ShelterNotEmpty,
    ShelterStale,
)

SHELTER_STATUS: Mapping[type[Refusal], int] = {
    EvacuationOver: 409,
    EvacueeTwice: 409,
    NobodyToMove: 409,
    NotAllBack: 409,
    NotMovedYet: 409,
    ShelterIsClosed: 409,
    ShelterIsOpen: 409,
    ShelterNameTaken: 409,
    ShelterNotEmpty: 409,
    ShelterStale: 409,
}
