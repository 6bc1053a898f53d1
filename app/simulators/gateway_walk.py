"""The township radios of the demo city that a simulated gateway hears, on foot between two seats."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from app.clock import SystemClock
from app.demo.city import City
from app.demo.geography import county
from app.demo.movement import Motion, Patrol, position_at, road_route
from app.simulators.gateway import Radio

FAMILY = "hdap"
FIRST_NUMBER = 370_100  # the townships' handhelds; the numbers below are the city's own
ON_FOOT_MPS = 1.3
_WALL = SystemClock()


def walking_radios(city: City, count: int, now: Callable[[], datetime] = _WALL.now) -> list[Radio]:
    """Return so many radios, one a township; where each is depends on the time alone."""
    land = county(city.seed)
    seats = list(land.seats)
    found: list[Radio] = []
    for device in city.devices:
        code = next((seat for seat in seats if device.region_code.startswith(seat[:9])), None)
        if device.family != FAMILY or int(device.number) <= FIRST_NUMBER or code is None:
            continue
        if int(device.number) % 2 == 0:  # the second of each post; the first stays on its desk
            goal = seats[(seats.index(code) + 1) % len(seats)]
            route = road_route(land, land.seats[code], land.seats[goal])
            patrol = Patrol(route, ON_FOOT_MPS, rest_s=0.0, phase_s=300.0 * len(found))
            found.append(Radio(device.number, partial(_whereabouts, patrol, now)))
    return found[:count]


def _whereabouts(patrol: Patrol, now: Callable[[], datetime]) -> Motion:
    return position_at(patrol, now().timestamp())
