"""What a camera sees: distance, bearing, field of view; and which camera to look through first. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.tracking.distance import distance_m

CameraKind = Literal["tower", "village", "backpack", "drone", "other"]
Sight = Literal["yes", "unsure", "no"]

ROAMING: frozenset[CameraKind] = frozenset({"backpack", "drone"})
"""What is carried about: a sector measured once says nothing of where it looks now."""

MOVED_M = 20.0
"""Nearer than this a position was only measured better: a camera of a mast has not moved."""

AROUND_DEG = 360.0


@dataclass(frozen=True, slots=True)
class View:
    """A camera's place and view. `bearing_deg` is the middle of the view, clockwise from north.

    `angle_deg` from edge to edge, 360: it turns or sees all around. None: not measured.
    """

    lon: float
    lat: float
    bearing_deg: float | None = None
    angle_deg: float | None = None
    range_m: float | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A camera as the list of the nearest weighs it; `online` None: nobody could be asked."""

    camera_id: int
    kind: CameraKind
    view: View
    moved: bool
    online: bool | None


@dataclass(frozen=True, slots=True)
class Near:
    """A camera near a place: how far, in which direction from the camera, and whether it sees it."""

    camera_id: int
    distance_m: float
    bearing_deg: float
    in_view: Sight
    online: bool | None


def bearing_deg(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """Return the direction from one place to another in degrees clockwise from north, 0 ≤ x < 360."""
    phi, to_phi, turn = math.radians(lat), math.radians(to_lat), math.radians(to_lon - lon)
    east = math.sin(turn) * math.cos(to_phi)
    north = math.cos(phi) * math.sin(to_phi) - math.sin(phi) * math.cos(to_phi) * math.cos(turn)
    return math.degrees(math.atan2(east, north)) % AROUND_DEG % AROUND_DEG  # -1e-15 % 360 is 360.0


def off_deg(one: float, other: float) -> float:
    """Return how far two directions are apart, 0 to 180."""
    apart = abs(one - other) % AROUND_DEG
    return min(apart, AROUND_DEG - apart)


def has_moved(before: View, after: View) -> bool:
    """Whether a camera stands elsewhere now: its view was measured where it stood before."""
    return distance_m(before.lon, before.lat, after.lon, after.lat) > MOVED_M


def is_unsure(kind: CameraKind, *, moved: bool) -> bool:
    """Whether the measured view cannot be trusted: the camera was moved, or is carried about."""
    return moved or kind in ROAMING


def sees(one: Candidate, lon: float, lat: float) -> Sight:
    """Whether a place lies in a camera's field of view; hills and houses between are not looked at.

    Beyond its range nothing is seen, wherever it looks. A view that was not measured, or not where the
    camera stands now, is unsure.
    """
    view = one.view
    distance = distance_m(view.lon, view.lat, lon, lat)
    if view.range_m is not None and distance > view.range_m:
        return "no"
    if is_unsure(one.kind, moved=one.moved) or view.angle_deg is None or view.range_m is None:
        return "unsure"
    if view.angle_deg >= AROUND_DEG:
        return "yes"
    if view.bearing_deg is None:
        return "unsure"
    apart = off_deg(view.bearing_deg, bearing_deg(view.lon, view.lat, lon, lat))
    return "yes" if apart <= view.angle_deg / 2 else "no"


_ONLINE = {True: 0, None: 1, False: 2}
_SEEN: dict[Sight, int] = {"yes": 0, "unsure": 1, "no": 2}


def nearest(cameras: Iterable[Candidate], lon: float, lat: float, within_m: float, most: int) -> list[Near]:
    """Return the cameras within a distance: online first, then those that see the place, then the nearest.

    Of two alike the one with the smaller number comes first, so that the list never jumps about.
    """
    found = [_near(one, lon, lat) for one in cameras]
    found = [one for one in found if one.distance_m <= within_m]
    return sorted(found, key=_rank)[:most]


def _rank(one: Near) -> tuple[int, int, float, int]:
    return _ONLINE[one.online], _SEEN[one.in_view], one.distance_m, one.camera_id


def _near(one: Candidate, lon: float, lat: float) -> Near:
    return Near(
        one.camera_id,
        distance_m(one.view.lon, one.view.lat, lon, lat),
        bearing_deg(one.view.lon, one.view.lat, lon, lat),
        sees(one, lon, lat),
        one.online,
    )
