"""When a relay fails, and which talk groups are lost at which places (domain/rules A3.3).

A relay reaches the places within its `coverage_km`, as the crow flies: hills are not asked. What another
standing relay carries to a place is not lost there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.devices.ledger.rules import DeviceState
from app.tracking.distance import distance_m

Trouble = Literal["", "off", "fault", "silent", "failed", "power_lost", "low_battery"]
Grade = Literal["lost", "at_risk"]
# What a relay tells of itself, the worst first: without mains or with a low battery it still works – for now.
TOLD: tuple[Trouble, ...] = ("fault", "power_lost", "low_battery")
GRADES: Mapping[Trouble, Grade] = {
    "off": "lost",
    "fault": "lost",
    "silent": "lost",
    "failed": "lost",
    "power_lost": "at_risk",
    "low_battery": "at_risk",
}
ANY_GROUP = ""  # of a relay whose groups nobody has entered


@dataclass(frozen=True, slots=True)
class Relay:
    """A relay of the register; `trouble` is "" while nothing is known against it."""

    device_id: int
    talk_groups: tuple[str, ...]
    lon: float | None
    lat: float | None
    coverage_km: float | None
    trouble: Trouble = ""

    @property
    def stands(self) -> bool:
        """Whether it carries: one that was never heard is not lost, one at risk still works."""
        return GRADES.get(self.trouble) != "lost"

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups it carries, or the word for "some"."""
        return self.talk_groups or (ANY_GROUP,)

    def carries(self, group: str) -> bool:
        """Whether a group goes over it; one without groups is taken to carry all."""
        return not self.talk_groups or group == ANY_GROUP or group in self.talk_groups

    def reaches(self, place: Place) -> bool:
        """Whether a place lies within its coverage."""
        if self.lon is None or self.lat is None or self.coverage_km is None:
            return False
        return distance_m(self.lon, self.lat, place.lon, place.lat) <= self.coverage_km * 1000


@dataclass(frozen=True, slots=True)
class Place:
    """A township seat or a village."""

    region_code: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Loss:
    """A place at which groups are (or would be) carried by nobody."""

    place: Place
    groups: tuple[str, ...]


def trouble_of(*, active: bool, told: Trouble, state: DeviceState, test_passed: bool | None) -> Trouble:
    """Say what is wrong with a relay, the surest word first; "" when nothing is known against it."""
    if not active:
        return "off"
    if GRADES.get(told) == "lost":
        return told
    if state == "silent":
        return "silent"
    if test_passed is False:
        return "failed"
    return told


def losses(relay: Relay, relays: Iterable[Relay], places: Iterable[Place]) -> list[Loss]:
    """Return where which groups are lost without this relay: no other standing one carries them there."""
    others = [one for one in relays if one.device_id != relay.device_id and one.stands]
    found = ((place, _lost(relay, others, place)) for place in places if relay.reaches(place))
    return [Loss(place, groups) for place, groups in found if groups]


def _lost(relay: Relay, others: Sequence[Relay], place: Place) -> tuple[str, ...]:
    here = [one for one in others if one.reaches(place)]
    return tuple(group for group in relay.groups if not any(one.carries(group) for one in here))
