"""A simulated flight: up, round and round over a place, back and down, a new battery, and again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

CLIMB_S, CIRCLE_S, GROUND_S = 20.0, 560.0, 60.0
ROUND_S = CLIMB_S + CIRCLE_S + CLIMB_S + GROUND_S
HEIGHT_M, RADIUS_M, LAP_S = 110.0, 350.0, 120.0
FULL_PCT, DRAIN_PCT_S = 98.0, 0.11
_M_PER_DEGREE = 111_320.0

Landed = Literal["on_ground", "taking_off", "in_air", "landing"]


@dataclass(frozen=True, slots=True)
class Aloft:
    """Where the aircraft is at an instant, and how."""

    lon: float
    lat: float
    height_m: float
    heading_deg: float
    speed_mps: float
    battery_pct: float
    landed: Landed


def flown(lon: float, lat: float, since_s: float) -> Aloft:
    """Return where an aircraft is so many seconds after the first take-off over a place."""
    at = since_s % ROUND_S
    battery = FULL_PCT - DRAIN_PCT_S * min(at, ROUND_S - GROUND_S)
    if at < CLIMB_S:
        return Aloft(lon, lat, HEIGHT_M * at / CLIMB_S, 0.0, 0.0, battery, "taking_off")
    if at < CLIMB_S + CIRCLE_S:
        turn = 2 * math.pi * (at - CLIMB_S) / LAP_S
        east, north = RADIUS_M * math.sin(turn), RADIUS_M * (1 - math.cos(turn))
        there_lat = lat + north / _M_PER_DEGREE
        there_lon = lon + east / (_M_PER_DEGREE * math.cos(math.radians(lat)))
        heading = (90 - math.degrees(turn)) % 360
        speed = 2 * math.pi * RADIUS_M / LAP_S
        return Aloft(there_lon, there_lat, HEIGHT_M, heading, speed, battery, "in_air")
    if at < ROUND_S - GROUND_S:
        left = 1 - (at - CLIMB_S - CIRCLE_S) / CLIMB_S
        return Aloft(lon, lat, HEIGHT_M * left, 0.0, 0.0, battery, "landing")
    return Aloft(lon, lat, 0.0, 0.0, 0.0, battery, "on_ground")
