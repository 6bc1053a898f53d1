"""Read and write places as people say them: road and kilometre, direction and distance. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Literal

Direction = Literal["N", "NE", "E", "SE", "S", "SW", "W", "NW"]
DIRECTION_ZH: Mapping[Direction, str] = {
    "N": "北",
    "NE": "东北",
    "E": "东",
    "SE": "东南",
    "S": "南",
    "SW": "西南",
    "W": "西",
    "NW": "西北",
}
_DEGREES: Mapping[Direction, int] = {d: 45 * n for n, d in enumerate(DIRECTION_ZH)}
_BY_WORD = {
    **{zh: d for d, zh in DIRECTION_ZH.items()},
    "北东": "NE",
    "南东": "SE",
    "南西": "SW",
    "北西": "NW",
}
# G105 K1823+400, g105k1823, 国道105 1823公里400米, S221K12
_ROAD = re.compile(
    r"^(?P<road>[GSXYCZgsxyczＧＳＸＹ]\s*+\d{1,4}|[国省县乡]道\s*+\d{1,4})\s*+(?:线|高速)?\s*+"
    r"(?:[Kk]\s*+(?P<k>\d{1,5})(?:\s*+\+\s*+(?P<m>\d{1,3}))?|(?P<km>\d{1,5})\s*+(?:公里|千米)(?:\s*+(?P<mm>\d{1,3})\s*+米)?)"
    r"\s*+(?:处|附近)?$"
)
_BEARING = re.compile(
    r"^(?P<point>.{1,60}?)\s*+(?:以|向|的|偏)?\s*+(?P<way>东北|东南|西南|西北|北东|南东|南西|北西|东|南|西|北)"
    r"\s*+(?:面|侧|边|方向|方)?\s*+(?:约|大约)?\s*+(?P<n>\d{1,6}(?:\.\d{1,3})?)\s*+(?P<unit>米|m|M|公里|千米|km|里)"
    r"\s*+(?:处|附近)?$"
)
_UNIT_M = {"米": 1, "m": 1, "M": 1, "公里": 1000, "千米": 1000, "km": 1000, "里": 500}
_ROAD_ZH = {"国道": "G", "省道": "S", "县道": "X", "乡道": "Y"}
MILESTONE_UNCERTAINTY_M = 100.0  # signs stand every kilometre or every hundred metres
_LEAST_UNCERTAINTY_M = 50.0
_BEARING_SHARE = 0.3  # eight directions are 45° wide, and distances are guessed


@dataclass(frozen=True, slots=True)
class Milestone:
    """A point on a road: G105, 1 823 400 m from its beginning."""

    road: str
    metre: int

    @property
    def text(self) -> str:
        """As it is written on signs: G105 K1823+400."""
        return f"{self.road} K{self.metre // 1000}+{self.metre % 1000:03d}"


@dataclass(frozen=True, slots=True)
class Bearing:
    """A direction and distance in metres from a known point."""

    known_point: str
    direction: Direction
    distance_m: float

    @property
    def text(self) -> str:
        """As people say it: 东岸村小学东北300米."""
        return f"{self.known_point}{DIRECTION_ZH[self.direction]}{self.distance_m:.0f}米"

    @property
    def uncertainty_m(self) -> float:
        """How far off it may be."""
        return max(_LEAST_UNCERTAINTY_M, self.distance_m * _BEARING_SHARE)


def read_place(words: str) -> Milestone | Bearing | None:
    """Return what the words say, None when they are neither a milestone nor a direction and distance."""
    words = words.strip().replace("＋", "+").replace("　", " ")
    if found := _ROAD.match(words):
        return Milestone(_road(found["road"]), _metre(found))
    if found := _BEARING.match(words):
        direction: Direction = _BY_WORD[found["way"]]
        return Bearing(found["point"].strip(), direction, float(found["n"]) * _UNIT_M[found["unit"]])
    return None


def _road(words: str) -> str:
    words = re.sub(r"\s", "", words)
    for zh, letter in _ROAD_ZH.items():
        words = words.replace(zh, letter)
    return words.translate(str.maketrans("ＧＳＸＹ", "GSXY")).upper()


def _metre(found: re.Match[str]) -> int:
    if found["k"] is not None:
        # K1823+4 is four metres past the stone: the digits are metres, not tenths.
        return int(found["k"]) * 1000 + int(found["m"] or 0)
    return int(found["km"]) * 1000 + int(found["mm"] or 0)


def offset(lon: float, lat: float, bearing: Bearing) -> tuple[float, float]:
    """Return the point that lies so far in that direction (WGS-84 degrees; good to metres over a county)."""
    angle = radians(_DEGREES[bearing.direction])
    north, east = cos(angle) * bearing.distance_m, sin(angle) * bearing.distance_m
    return lon + east / (111_320 * max(0.01, cos(radians(lat)))), lat + north / 110_574
