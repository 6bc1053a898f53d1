"""Who must be called for a place (层层包干): from the point or village up to the township and the county."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

DutyKind = Literal["contact", "township_leader", "county_leader"]
Level = Literal["point", "village", "township", "county"]

# Who is called first at one level: the nearest to the place.
_ORDER: dict[str, int] = {"contact": 0, "township_leader": 1, "county_leader": 2}


@dataclass(frozen=True, slots=True)
class Answerable:
    """Somebody answers for a place or a point in it; `person_id` None is an office nobody holds."""

    region_code: str
    kind: DutyKind
    ordinal: int
    id: int
    person_id: int | None
    point: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A level with those to call, in order, and the offices of it that nobody holds."""

    level: Level
    region_code: str
    call: tuple[Answerable, ...]
    vacant: tuple[Answerable, ...]


def climb(region_code: str) -> list[tuple[Level, str]]:
    """Return the levels above a place, itself first: village, township, county."""
    county, township = region_code[:6] + "000000", region_code[:9] + "000"
    found: list[tuple[Level, str]] = []
    if region_code != township:
        found.append(("village", region_code))
    if township != county:
        found.append(("township", township))
    return [*found, ("county", county)]


def who_to_call(region_code: str, told: Iterable[Answerable], point: str = "") -> list[Step]:
    """Return whom to call for a place, level by level. Who stands at two levels is called at the first."""
    everybody = sorted(told, key=lambda one: (_ORDER[one.kind], one.ordinal, one.id))
    levels = climb(region_code)
    asked: list[tuple[Level, str, str]] = [("point", region_code, point)] if point else []
    asked += [(level, code, "") for level, code in levels]
    called: set[int] = set()
    steps = []
    for level, code, where in asked:
        here = [one for one in everybody if one.region_code == code and one.point == where]
        call = []
        for one in here:
            if one.person_id is not None and one.person_id not in called:
                called.add(one.person_id)
                call.append(one)
        vacant = tuple(one for one in here if one.person_id is None)
        steps.append(Step(level, code, tuple(call), vacant))
    return steps
