"""Roads of the demo county: a motorway, a national road, county roads between seats, village roads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from app.demo import planar
from app.demo.land import Land
from app.demo.places import BY_CODE
from app.demo.planar import Floats, Line, Point
from app.demo.terrain import rounded, wander

_MOTORWAY: Line = (
    (8.6, 27.0),
    (9.6, 14.0),
    (8.4, 6.6),
    (5.2, 0.6),
    (4.2, -4.6),
    (-0.4, -10.4),
    (-4.0, -26.0),
)
_NATIONAL = ("990181102000", "990181104000", "990181003000", "990181450000", "990181203000")
_NATIONAL_ENDS: tuple[Point, Point] = ((-31.0, 0.4), (31.0, -1.6))
_NATIONAL_PAIRS = [set(pair) for pair in pairwise(_NATIONAL)]


@dataclass(frozen=True, slots=True)
class Road:
    """A road: number, names, class (`motorway`, `national`, `county`, `village`) and course.

    `ends` are the region codes of the two places that a road joins, in the direction of `line`; empty
    for the motorway and where the national road leaves the county.
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

    def climb(points: Floats) -> Floats:
        return land.heights.at(points) + 40.0

    motorway = planar.clip_line(rounded(wander(_MOTORWAY, 0.06, rng, depth=2), 3), land.outline)
    roads = [
        Road("S99", "樟北高速", "Zhangbei Motorway", "motorway", planar.simplify(motorway, 0.02)),
        *_national_road(land, rng, climb),
    ]
    for number, (a, b) in enumerate(_links(seats), start=901):
        line = planar.simplify(rounded(wander((seats[a], seats[b]), 0.17, rng, climb)), 0.02)
        line = line if planar.clip_line(line, land.outline) == line else (seats[a], seats[b])
        one, two = BY_CODE[a], BY_CODE[b]
        name_zh = f"{one.short_zh[0]}{two.short_zh[0]}线"
        roads.append(Road(f"X{number}", name_zh, f"{one.pinyin}–{two.pinyin} Road", "county", line, (a, b)))
    return roads + _village_roads(land, rng)


def _national_road(land: Land, rng: np.random.Generator, climb: Callable[[Floats], Floats]) -> list[Road]:
    """Lay the national road seat by seat, so that a route may turn off at each of them."""
    places = {
        "west": _NATIONAL_ENDS[0],
        **{code: land.seats[code] for code in _NATIONAL},
        "east": _NATIONAL_ENDS[1],
    }
    roads = []
    for a, b in pairwise(places):
        line = planar.clip_line(rounded(wander((places[a], places[b]), 0.1, rng, climb)), land.outline)
        ends = () if {a, b} & {"west", "east"} else (a, b)
        roads.append(
            Road("G990", "国道990", "National Road 990", "national", planar.simplify(line, 0.02), ends)
        )
    return roads


def _village_roads(land: Land, rng: np.random.Generator) -> list[Road]:
    """Lay a tree of lanes in each township: each village joins the nearest place that has a road."""
    roads = []
    for code, ring in land.townships.items():
        joined = {code: land.seats[code]}
        waiting = {c: p for c, p in land.villages.items() if c[:9] == code[:9]}
        while waiting:
            a, b = min(
                ((j, w) for j in joined for w in waiting),
                key=lambda pair: _apart(joined[pair[0]], waiting[pair[1]]),
            )
            straight = (joined[a], waiting[b])
            line = planar.simplify(rounded(wander(straight, 0.2, rng, depth=2)), 0.03)
            line = line if planar.clip_line(line, ring) == line else straight
            roads.append(Road("", "", "", "village", line, (a, b)))
            joined[b] = waiting.pop(b)
    return roads


def _apart(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _links(seats: dict[str, Point]) -> list[tuple[str, str]]:
    """Pairs of seats worth a road: no third seat lies nearer to both (relative neighbourhood graph).

    That graph contains the shortest spanning tree, so every seat can be reached. Neighbours on the
    national road have their road already.
    """
    codes = list(seats)
    place = np.array([seats[code] for code in codes])
    away = np.hypot(*(place[:, None, :] - place[None, :, :]).transpose(2, 0, 1))
    links = []
    for i, j in combinations(range(len(codes)), 2):
        others = np.maximum(away[i], away[j])
        others[[i, j]] = np.inf
        along_national = {codes[i], codes[j]} in _NATIONAL_PAIRS
        if away[i, j] * 0.93 <= others.min() and not along_national:
            links.append((codes[i], codes[j]))
    return links
