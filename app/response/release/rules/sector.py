"""The downwind sector of a release (扩散扇形), coarse on purpose. Pure.

This is a sector, not a model of dispersion: it knows no terrain, no weather class and no substance. The
distances are those of whoever answers for them (the emergency response guide, the plan of the plant), told as
numbers; here they are only laid on the map. Wind below 1 m/s has no direction: the sector is a circle.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.shelters.rules.choose import bearing_deg, between_deg
from app.tracking.distance import distance_m

Point = tuple[float, float]
Advice = Literal["isolate", "evacuate", "shelter"]
CALM_MPS, LIGHT_MPS = 1.0, 3.0
CIRCLE_DEG, LIGHT_DEG, STEADY_DEG = 180.0, 45.0, 30.0
STEP_DEG = 5
_EARTH_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Release:
    """Where it comes out, the wind (where from, degrees; m/s), and the distances that apply, in metres.

    Everybody leaves within `isolate_m` on all sides; downwind people leave within `evacuate_m` and stay
    indoors up to `protect_m`.
    """

    lon: float
    lat: float
    wind_from_deg: float
    wind_mps: float
    isolate_m: int
    evacuate_m: int
    protect_m: int


@dataclass(frozen=True, slots=True)
class Reached:
    """A place in the sector, as seen from the release."""

    code: str
    away_m: float
    bearing: float
    advice: Advice


def half_angle(wind_mps: float) -> float:
    """Return how far the sector opens to each side: the less wind, the less it keeps its direction."""
    if wind_mps < CALM_MPS:
        return CIRCLE_DEG
    return LIGHT_DEG if wind_mps < LIGHT_MPS else STEADY_DEG


def advice_at(one: Release, lon: float, lat: float) -> tuple[Advice | None, float, float]:
    """Return what to do at a place (None: outside the sector), its distance and bearing."""
    away = distance_m(one.lon, one.lat, lon, lat)
    bearing = bearing_deg(one.lon, one.lat, lon, lat)
    if away <= one.isolate_m:
        return "isolate", away, bearing
    downwind = between_deg(bearing, one.wind_from_deg + 180) <= half_angle(one.wind_mps)
    if not downwind or away > one.protect_m:
        return None, away, bearing
    return ("evacuate" if away <= one.evacuate_m else "shelter"), away, bearing


def reached(one: Release, places: Iterable[tuple[str, float, float]]) -> list[Reached]:
    """Return the places (code, lon, lat) in the sector, the nearest first."""
    found = []
    for code, lon, lat in places:
        advice, away, bearing = advice_at(one, lon, lat)
        if advice is not None:
            found.append(Reached(code, away, bearing, advice))
    return sorted(found, key=lambda each: (each.away_m, each.code))


def ring(one: Release) -> list[Point]:
    """Return the outline (lon, lat): the circle of isolation with the sector opening downwind."""
    half, to = half_angle(one.wind_mps), one.wind_from_deg + 180
    if half >= CIRCLE_DEG:
        return [_at(one, bearing, one.protect_m) for bearing in range(0, 360, STEP_DEG)]
    sweep = [to - half + (2 * half) * n / 12 for n in range(13)]
    around = [to + half + (360 - 2 * half) * n / 24 for n in range(25)]
    return [_at(one, bearing, one.protect_m) for bearing in sweep] + [
        _at(one, bearing, one.isolate_m) for bearing in around
    ]


def _at(one: Release, bearing: float, metres: float) -> Point:
    angle, turn, lat = metres / _EARTH_M, math.radians(bearing), math.radians(one.lat)
    north = math.asin(math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(turn))
    east = math.atan2(
        math.sin(turn) * math.sin(angle) * math.cos(lat), math.cos(angle) - math.sin(lat) * math.sin(north)
    )
    return round(one.lon + math.degrees(east), 6), round(math.degrees(north), 6)
