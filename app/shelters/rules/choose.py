"""Which shelter to choose: by distance, up the wind, up the hill, with room. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from app.tracking.distance import distance_m

UPWIND_WITHIN_DEG = 60.0  # to either side of where the wind comes from [D]
NEARLY_FULL_PERCENT = 95  # scenarios S11.6


@dataclass(frozen=True, slots=True)
class Spot:
    """A shelter as the rule sees it; `elevation_m` is None when nobody has told it."""

    shelter_id: int
    lon: float
    lat: float
    elevation_m: float | None
    capacity: int
    present: int

    @property
    def room(self) -> int:
        """How many more persons it can take."""
        return max(0, self.capacity - self.present)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a shelter for a scene.

    `wind_from_deg` is where the wind comes from (0 north, 90 east); `upwind` and `above_m` leave out what
    does not comply, `within_m` what lies further (straight line), `room` what cannot take so many.
    """

    lon: float
    lat: float
    wind_from_deg: float | None = None
    upwind: bool = False
    above_m: float | None = None
    within_m: float | None = None
    room: int = 0


@dataclass(frozen=True, slots=True)
class Nearby:
    """A shelter as seen from the scene: metres and degrees; `upwind` is None when no wind was told."""

    spot: Spot
    away_m: float
    bearing_deg: float
    upwind: bool | None


def bearing_deg(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the initial bearing from the first place to the second: 0 north, 90 east, below 360."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    across = math.radians(lon2 - lon1)
    east = math.sin(across) * math.cos(phi2)
    north = math.cos(phi1) * math.sin(phi2) - math.sin(phi1) * math.cos(phi2) * math.cos(across)
    return math.degrees(math.atan2(east, north)) % 360 % 360


def between_deg(one: float, other: float) -> float:
    """Return the smaller angle between two bearings, 0 to 180."""
    return abs((one - other + 180) % 360 - 180)


def is_upwind(bearing: float, wind_from_deg: float) -> bool:
    """Whether a place in this direction lies where the wind comes from, so that nothing blows to it."""
    return between_deg(bearing, wind_from_deg) <= UPWIND_WITHIN_DEG


def choose(spots: Iterable[Spot], wish: Wish) -> list[Nearby]:
    """Return the shelters that comply, the nearest first.

    Whose elevation nobody has told does not count as uphill.
    """
    found = [one for spot in spots if _complies(one := _seen(spot, wish), wish)]
    return sorted(found, key=lambda one: (one.away_m, one.spot.shelter_id))


def _seen(spot: Spot, wish: Wish) -> Nearby:
    bearing = bearing_deg(wish.lon, wish.lat, spot.lon, spot.lat)
    upwind = None if wish.wind_from_deg is None else is_upwind(bearing, wish.wind_from_deg)
    return Nearby(spot, distance_m(wish.lon, wish.lat, spot.lon, spot.lat), bearing, upwind)


def _complies(one: Nearby, wish: Wish) -> bool:
    spot = one.spot
    return not (
        (wish.upwind and one.upwind is not True)
        or (wish.above_m is not None and (spot.elevation_m is None or spot.elevation_m <= wish.above_m))
        or (wish.within_m is not None and one.away_m > wish.within_m)
        or spot.room < wish.room
    )


def is_nearly_full(present: int, capacity: int) -> bool:
    """Whether a shelter is at 95 % of its capacity or above."""
    return present * 100 >= capacity * NEARLY_FULL_PERCENT


def second(full: Spot, spots: Iterable[Spot]) -> Nearby | None:
    """Return the nearest other shelter with room that is not nearly full itself, or None."""
    able = (
        spot
        for spot in spots
        if spot.shelter_id != full.shelter_id and not is_nearly_full(spot.present, spot.capacity)
    )
    return next(iter(choose(able, Wish(full.lon, full.lat, room=1))), None)
