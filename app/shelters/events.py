"""The events of shelters and evacuations: none names a person who is moved."""

from __future__ import annotations

from typing import Literal

from app.shelters.evacuation_facts import EvacuationBriefFact, EvacuationMeans
from app.shelters.facts import ShelterFact, ShelterNearFact, VillageShelterFact
from app.wire import Fact


class ShelterRegisterChanged(Fact):
    """A shelter was entered or changed."""

    type: Literal["shelter.registered", "shelter.amended"]
    shelter: ShelterFact


class ShelterStateChanged(Fact):
    """A shelter was opened, counted or closed; `told_by` is who vouches for it."""

    type: Literal["shelter.opened", "shelter.counted", "shelter.closed"]
    shelter: ShelterFact
    heads: int | None
    reason: str
    told_by: str


class ShelterNearlyFull(Fact):
    """A shelter has reached 95 % of its capacity; `proposed` is the nearest one with room, if any."""

    type: Literal["shelter.nearly_full"]
    shelter: ShelterFact
    proposed: ShelterNearFact | None


class VillageShelterSet(Fact):
    """It was said where a village goes."""

    type: Literal["shelter.village_set"]
    village: VillageShelterFact


class ResidentsImported(Fact):
    """A sheet of households was taken into the register."""

    type: Literal["evacuation.residents_imported"]
    villages: list[str]
    created: int
    amended: int


class EvacuationChanged(Fact):
    """An evacuation was ordered or ended; `villages` are their names."""

    type: Literal["evacuation.ordered", "evacuation.ended"]
    evacuation: EvacuationBriefFact
    villages: list[str]


class EvacuationProgressed(Fact):
    """So many persons of villages were added, moved, refused, set back to waiting, came home or are missing.

    `shelter_name` and `means` tell where and how they were moved; `why` is the reason of a refusal or a
    correction.
    """

    type: Literal[
        "evacuation.added",
        "evacuation.moved",
        "evacuation.refused",
        "evacuation.corrected",
        "evacuation.returned",
        "evacuation.missing",
    ]
    evacuation: EvacuationBriefFact
    villages: list[str]
    count: int
    shelter_name: str
    means: EvacuationMeans
    why: str
    told_by: str
