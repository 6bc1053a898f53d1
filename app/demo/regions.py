"""The region tree of the demo (rules §A9, §B9): one county, 23 township-level units, 300 villages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.demo.geography import CENTRE, County
from app.demo.names import pinyin, village_names
from app.demo.places import (
    COUNTY_CODE,
    COUNTY_EN,
    COUNTY_ZH,
    HILL_VILLAGE,
    PARENT_CODE,
    TOWNSHIPS,
    Township,
    of_region,
)


@dataclass(frozen=True, slots=True)
class Region:
    """A place with a 12-digit code (区划).

    `kind`: city, subdistrict, township, farm, park, community, village. `lon`/`lat` (WGS-84 degrees)
    are its seat, `population` an estimate of residents.
    """

    code: str
    kind: str
    name_zh: str
    name_en: str
    parent_code: str
    lon: float
    lat: float
    population: int


def regions(seed: int, county: County) -> tuple[Region, ...]:
    """All 324 regions: the county first, then each township followed by its villages."""
    rng = np.random.default_rng([seed, 21])
    names = village_names(seed)
    tree: list[Region] = []
    for place in TOWNSHIPS:
        villages = [
            _village(code, names[code], county.villages[code], rng)
            for code in county.villages
            if code[:9] == place.code9
        ]
        lon, lat = county.seats[place.code]
        people = sum(village.population for village in villages)
        tree.append(
            Region(place.code, place.kind, place.name_zh, place.name_en, COUNTY_CODE, lon, lat, people)
        )
        tree.extend(villages)
    everyone = sum(region.population for region in tree if region.parent_code == COUNTY_CODE)
    top = Region(COUNTY_CODE, "city", COUNTY_ZH, COUNTY_EN, PARENT_CODE, CENTRE[0], CENTRE[1], everyone)
    return (top, *tree)


def _village(code: str, short_zh: str, point: tuple[float, float], rng: np.random.Generator) -> Region:
    community = code[9] == "0"
    place = of_region(code)
    people = _population(place, rng, community=community)
    return Region(
        code=code,
        kind="community" if community else "village",
        name_zh=short_zh + ("社区" if community else "村"),
        name_en=f"{pinyin(short_zh)} {'Community' if community else 'Village'}",
        parent_code=place.code,
        lon=point[0],
        lat=point[1],
        population=86 if code == HILL_VILLAGE else people,  # scenario S02 ticks off 86 persons
    )


def _population(place: Township, rng: np.random.Generator, *, community: bool) -> int:
    if place.kind == "farm":
        return int(rng.integers(350, 900))
    if not community:
        return int(rng.integers(600, 2400))
    return int(rng.integers(4000, 9000) if place.kind == "subdistrict" else rng.integers(2000, 5000))
