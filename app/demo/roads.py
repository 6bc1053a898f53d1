"""Roads of the demo county: a motorway, a national road, and county roads that join the township seats."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from app.demo import planar
from app.demo.land import Land
from app.demo.places import BY_CODE
from app.demo.planar import Floats, Line, Point
from app.demo.terrain import rounded, wander

_MOTORWAY: Line = ((8.6, 27.0), (9.6, 14.0), (8.4, 6.6), (5.2, 0.6), (4.2, -4.6), (-0.4, -10.4), (-4.0, -26.0))
_NATIONAL = ("990181102000", "990181104000", "990181003000", "990181450000", "990181203000")
_NATIONAL_ENDS: tuple[Point, Point] = ((-31.0, 0.4), (31.0, -1.6))


@dataclass(frozen=True, slots=True)
class Road:
    """A road: number, names, class (`motorway`, `national`, `county`) and course.

    `ends` are the region codes of the two seats that a county road joins; empty for through roads.
    """

    ref: str
    name_zh: str
    name_en: str
    road_class: str
    line: Line
    ends: tuple[str, ...] = ()


def lay_roads(land: Land, rng: np.random.Generator) -> list[Road]:
    """All roads in the plane (km), clipped to the county."""
    seats = land.seats
    through = (_NATIONAL_ENDS[0], *(seats[code] for code in _NATIONAL), _NATIONAL_ENDS[1])

    def climb(points: Floats) -> Floats:
        return land.heights.at(points) + 40.0

    motorway = planar.clip_line(rounded(wander(_MOTORWAY, 0.06, rng, depth=2), 3), land.outline)
    national = planar.clip_line(rounded(wander(through, 0.1, rng, climb)), land.outline)
    roads = [
        Road("S99", "樟北高速", "Zhangbei Motorway", "motorway", planar.simplify(motorway, 0.02)),
        Road("G990", "国道990", "National Road 990", "national", planar.simplify(national, 0.02)),
    ]
    for number, (a, b) in enumerate(_links(seats), start=901):
        line = planar.simplify(rounded(wander((seats[a], seats[b]), 0.17, rng, climb)), 0.02)
        line = line if planar.clip_line(line, land.outline) == line else (seats[a], seats[b])
        one, two = BY_CODE[a], BY_CODE[b]
        name_zh = f"{one.short_zh[0]}{two.short_zh[0]}线"
        roads.append(Road(f"X{number}", name_zh, f"{one.pinyin}–{two.pinyin} Road", "county", line, (a, b)))
    return roads


def _links(seats: dict[str, Point]) -> list[tuple[str, str]]:
    """Pairs of seats worth a road: no third seat lies nearer to both (relative neighbourhood graph).

    That graph contains the shortest spanning tree, so every seat can be reached.
    """
    codes = list(seats)
    place = np.array([seats[code] for code in codes])
    away = np.hypot(*(place[:, None, :] - place[None, :, :]).transpose(2, 0, 1))
    links = []
    for i, j in combinations(range(len(codes)), 2):
        others = np.maximum(away[i], away[j])
        others[[i, j]] = np.inf
        if away[i, j] * 0.93 <= others.min():
            links.append((codes[i], codes[j]))
    return links
