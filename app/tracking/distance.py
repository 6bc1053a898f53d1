"""How far two places lie apart. Pure."""

from __future__ import annotations

import math

EARTH_RADIUS_M = 6_371_008.8
ROAD_FACTOR = 1.35  # road distance over straight line in hill country [D]


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the great-circle distance in metres."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((phi2 - phi1) / 2) ** 2 + math.cos(phi1) * math.cos(phi2) * (
        math.sin(math.radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, half)))


def road_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the distance by road in metres, estimated from the straight line: the house has no road net."""
    return distance_m(lon1, lat1, lon2, lat2) * ROAD_FACTOR
