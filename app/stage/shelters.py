"""The shelters of the demo (rules §A5.6, A5.8): 3 of the city, 22 of townships, 300 of villages.

In the played demo one is open with a day's curve, and an evacuation of two villages is under way.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import insert

from app.db import Database, Tx
from app.demo import planar
from app.demo.city import City
from app.demo.geography import County, county
from app.demo.names import person_names
from app.demo.registers import Shelter as DemoShelter
from app.org.rules.access import Viewer
from app.shelters.actions import evacuations, ticks
from app.shelters.actions import shelters as actions
from app.shelters.commands import (
    EvacuationIn,
    EvacuationRefusalIn,
    EvacueeTickIn,
    ShelterCountIn,
    ShelterOpenIn,
)
from app.shelters.store import evacuations as lists
from app.shelters.store import shelters
from app.shelters.tables import EvacuationResident, Shelter, VillageShelter
from app.stage.hands import hand_of

SEED_OF_NAMES = 44013
LOWLAND_M = 45.0
OPEN_CLASS = "III"
CURVE = (40, 120, 260, 420, 510, 560, 540, 505)
"""Head-counts of the open shelter, one an hour."""
LISTED = "990181100"
HOUSEHOLDS, SIZE = 14, 4
_GRADES = {"city": "county", "township": "township", "village": "village"}
_DURATIONS = {"I": "long", "II": "short", "III": "emergency", "": "emergency"}
_FACILITIES = {
    "I": ["应急供水", "应急供电", "应急厕所", "医疗救护", "应急指挥", "应急停机坪", "物资储备"],
    "II": ["应急供水", "应急供电", "应急厕所", "医疗救护"],
    "III": ["应急供水", "应急供电", "应急厕所"],
    "": ["供水", "供电", "炊事", "被褥"],
}
_NEEDS = {3: "行动不便,需担架", 17: "婴儿", 29: "透析病人", 41: "轮椅"}


async def build(tx: Tx, city: City, stream: str, today: date) -> None:
    """Write the shelters, where each village goes, and the households of one township."""
    names = person_names(SEED_OF_NAMES, frozenset(person.name_zh for person in city.people))
    rows = [Shelter(stream=stream, **one) for one in _shelters(city, names, today)]
    tx.add_all(rows)
    await tx.flush()
    points = {row.region_code: row.id for row in rows if row.level == "village"}
    schools = {row.region_code: row.id for row in rows if row.level == "township"}
    goals = [
        {
            "stream": stream,
            "village_code": code,
            "shelter_id": point,
            "alternative_id": schools.get(code[:9] + "000"),
        }
        for code, point in points.items()
    ]
    await tx.execute(insert(VillageShelter), goals)
    listed = sorted(code for code in points if code.startswith(LISTED))
    await tx.execute(insert(EvacuationResident), list(_residents(stream, listed, names)))


def _shelters(city: City, names: Iterator[str], today: date) -> Iterator[dict[str, Any]]:
    land = county(city.seed)
    keepers = islice(names, len(city.shelters))
    for number, (one, keeper) in enumerate(zip(city.shelters, keepers, strict=True), start=1):
        urban = one.level == "city"
        yield {
            "level": one.level,
            "legacy_class": one.legacy_class,
            "grade": _GRADES[one.level],
            "duration": _DURATIONS[one.legacy_class],
            "space": "outdoor" if urban else "indoor",
            "function": "comprehensive" if urban else "single",
            "name_zh": one.name_zh,
            "name_en": _english(city, one),
            "region_code": one.region_code,
            "capacity": one.capacity,
            "facilities": _FACILITIES[one.legacy_class],
            "opener": keeper,
            "opener_phone": f"1961000{number:04d}",  # nobody has such a number
            "maintainer": "樟川市园林绿化中心" if urban else "",
            "inspected_on": today - timedelta(days=20 + number % 60),
            "lon": one.lon,
            "lat": one.lat,
            "elevation_m": _elevation_m(land, one),
        }


def _english(city: City, one: DemoShelter) -> str:
    place = city.region_by_code[one.region_code].name_en
    return f"{place} park shelter {one.legacy_class}" if one.level == "city" else f"{place} refuge point"


def _elevation_m(land: County, one: DemoShelter) -> float:
    """Return the height of the highest contour around a shelter, in metres."""
    here = np.array([(one.lon, one.lat)])
    around = (hill.height_m for hill in land.hills if planar.inside(hill.rings[0], here)[0])
    return float(max(around, default=LOWLAND_M))


def _residents(stream: str, villages: list[str], names: Iterator[str]) -> Iterator[dict[str, object]]:
    for at, code in enumerate(villages):
        for number in range(HOUSEHOLDS * SIZE):
            name = next(names)
            if number % SIZE == 0:
                head = name
            yield {
                "stream": stream,
                "village_code": code,
                "household": head,
                "name": name,
                "phone": f"1962{at:03d}{number:04d}" if number % SIZE == 0 else "",
                "needs": _NEEDS.get(number, ""),
            }


async def move_out(database: Database, now: datetime) -> None:
    """Open a shelter with a curve, and let an evacuation of two villages be two thirds through."""
    async with database.transaction() as tx:
        by = await hand_of(tx, "shift")
        park = await _open_park(tx, by, now)
        await _evacuate(tx, by, park, now)


async def _open_park(tx: Tx, by: Viewer, now: datetime) -> int:
    (park,) = [one.id for one in await shelters.listed(tx, by) if one.legacy_class == OPEN_CLASS]
    start = now - timedelta(hours=len(CURVE))
    told = ShelterOpenIn(reason="强降雨,低洼地带群众避险", happened_at=start, channel="telephone")
    await actions.open_up(tx, by, park, told, now, None)
    for hour, heads in enumerate(CURVE):
        at = start + timedelta(hours=hour, minutes=50)
        count = ShelterCountIn(heads=heads, happened_at=at, told_at=at, channel="telephone")
        await actions.count(tx, by, park, count, now)
    return park


async def _evacuate(tx: Tx, by: Viewer, park: int, now: datetime) -> None:
    villages = sorted({one.village_code for one in await lists.residents(tx, by)})[:2]
    order = EvacuationIn(
        villages=villages,
        reason="山洪风险,低洼院落先行转移",
        deadline=now + timedelta(hours=2),
        happened_at=now - timedelta(minutes=70),
    )
    number = (await evacuations.order(tx, by, order, now, None)).evacuation.id
    people = [one.id for one in await lists.people(tx, number, by.scope)]
    at = now - timedelta(minutes=5)
    moved = people[: len(people) * 2 // 3]
    tick = EvacueeTickIn(people=moved, shelter_id=park, means="transport", happened_at=at)
    await ticks.tick(tx, by, number, tick, now)
    refusal = EvacuationRefusalIn(
        people=people[-2:], reason="看护牲畜", witness="村主任", attachment="签字照片2张"
    )
    await ticks.refuse(tx, by, number, refusal, now)
