"""Which units a warning concerns: its area ∩ the region tree (rules §B3). Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.response.warning.rules.bulletin import Round, Where

_KM = 111.195  # of a degree of latitude
MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the county's tree: a township or a village at its point (WGS-84), with its residents."""

    code: str
    name: str
    lon: float
    lat: float
    population: int = 0

    @property
    def township(self) -> str:
        """Return the code of the township it is or belongs to."""
        return self.code[:9] + "000"

    @property
    def is_village(self) -> bool:
        """Whether it lies below a township."""
        return not self.code.endswith("000")


@dataclass(frozen=True, slots=True)
class Unit:
    """A township with those of its villages that are meant; `whole`: all of it."""

    place: Place
    villages: tuple[Place, ...]
    whole: bool

    @property
    def people(self) -> int:
        """How many residents are meant, as far as the register knows."""
        counted = sum(one.population for one in self.villages)
        return max(counted, self.place.population) if self.whole else counted


@dataclass(frozen=True, slots=True)
class Affected:
    """Whom a warning concerns. `unknown` and `outside` name what could not be placed: nothing is dropped."""

    units: tuple[Unit, ...] = ()
    unknown: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()

    @property
    def people(self) -> int:
        """How many residents are meant."""
        return sum(unit.people for unit in self.units)

    @property
    def codes(self) -> tuple[str, ...]:
        """The townships meant."""
        return tuple(unit.place.code for unit in self.units)


@dataclass(slots=True)
class _Found:
    townships: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


def affected(areas: Iterable[Where], places: Sequence[Place], county: str) -> Affected:
    """Return the townships and villages of an area.

    `places` are the county's townships and villages, `county` its six digits. Codes may stand for a
    province, prefecture, county (with zeros or without), township or village; shapes hold what has its
    point in them; an area without either is looked up by the names in its words.
    """
    found = _Found()
    for area in areas:
        for code in area.codes:
            _code(code, area.desc, places, county, found)
        if area.polygons or area.circles:
            _shape(area, places, found)
        elif not area.codes:
            _words(area.desc, places, found)
    return Affected(
        tuple(_units(found, places)),
        tuple(dict.fromkeys(found.unknown))[:MOST_NAMED],
        tuple(dict.fromkeys(found.outside))[:MOST_NAMED],
    )


def _code(code: str, desc: str, places: Sequence[Place], county: str, found: _Found) -> None:
    prefix = prefix_of(code)
    named = f"{desc}({code})" if desc else code
    if county.startswith(prefix):
        found.townships.update(place.code for place in places if not place.is_village)
        return
    if not prefix.startswith(county):
        found.outside.append(named)
        return
    meant = [place for place in places if place.code.startswith(prefix)]
    if not meant:
        found.unknown.append(named)
    elif len(prefix) <= 9:
        found.townships.update(place.code for place in meant if not place.is_village)
    else:
        found.places.update(place.code for place in meant)


def prefix_of(code: str) -> str:
    """Return the digits that count: a province two, a prefecture four, a county six, a township nine.

    Zeros at the end are padding as far as a whole level is zero.
    """
    whole = code.ljust(12, "0")
    for level in (12, 9, 6, 4):
        shorter = {12: 9, 9: 6, 6: 4, 4: 2}[level]
        if set(whole[shorter:]) != {"0"}:
            return whole[:level]
    return whole[:2]


def _shape(area: Where, places: Sequence[Place], found: _Found) -> None:
    inside = [place for place in places if _within(area, place)]
    villages = [place for place in inside if place.is_village]
    if not inside:
        found.outside.append(area.desc or "(未命名区域)")
    found.places.update(place.code for place in villages)
    # A township whose seat is in it though none of its villages is: no unit is missed for want of points.
    held = {place.township for place in villages}
    found.places.update(place.code for place in inside if not place.is_village and place.code not in held)


def _within(area: Where, place: Place) -> bool:
    return any(_in_ring(ring, place) for ring in area.polygons) or any(
        km_between(one, place) <= one.radius_km for one in area.circles
    )


def _in_ring(ring: Sequence[tuple[float, float]], place: Place) -> bool:
    """Whether a point lies in a closed ring of (lat, lon): how often a ray to the east crosses it."""
    inside = False
    for (lat1, lon1), (lat2, lon2) in pairwise(ring):
        if (lat1 > place.lat) != (lat2 > place.lat):
            at = lon1 + (place.lat - lat1) / (lat2 - lat1) * (lon2 - lon1)
            inside ^= place.lon < at
    return inside


def km_between(centre: Round, place: Place) -> float:
    """Return the distance in km; flat, which holds for the size of a county."""
    wide = math.cos(math.radians((centre.lat + place.lat) / 2))
    return math.hypot((centre.lon - place.lon) * wide, centre.lat - place.lat) * _KM


def _words(desc: str, places: Sequence[Place], found: _Found) -> None:
    named = [place for place in places if len(place.name) >= 2 and place.name in desc]
    townships = [place for place in named if not place.is_village]
    if not named:
        found.unknown.append(desc or "(未写明区域)")
    found.townships.update(place.code for place in townships)
    if not townships:
        found.places.update(place.code for place in named)


def _units(found: _Found, places: Sequence[Place]) -> Iterable[Unit]:
    known: Mapping[str, Place] = {place.code: place for place in places if not place.is_village}
    meant = found.townships | {code[:9] + "000" for code in found.places}
    for code in sorted(meant & known.keys()):
        all_of = [place for place in places if place.is_village and place.township == code]
        villages = [one for one in all_of if code in found.townships or one.code in found.places]
        whole = code in found.townships or (len(villages) == len(all_of) and bool(all_of))
        yield Unit(known[code], tuple(villages), whole)
