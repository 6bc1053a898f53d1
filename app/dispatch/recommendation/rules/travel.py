"""How long a unit takes: turnout by kind and hour, road by terrain and night. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Literal

from app.window import within

Terrain = Literal["urban", "plain", "hill", "mountain"]
WALKING_KMH = 4.0  # no unit is slower: a speed of 0 in the register means that nobody knows


@dataclass(frozen=True, slots=True)
class Turnout:
    """Seconds from the order to the road, by day and by night (domain/rules B6)."""

    day_s: float
    night_s: float


@dataclass(frozen=True, slots=True)
class RoadModel:
    """The county's roads: how much longer than the straight line, how much slower than a unit's own speed.

    `places` gives the terrain by prefix of the region code, the longest wins; `night` slows every road.
    """

    winding: Mapping[Terrain, float]
    pace: Mapping[Terrain, float]
    night_pace: float
    night: tuple[time, time]
    places: Mapping[str, Terrain] = field(default_factory=dict)
    otherwise: Terrain = "hill"
    turnout: Mapping[str, Turnout] = field(default_factory=dict)
    usual_turnout: Turnout = Turnout(300, 480)

    def terrain(self, region_code: str) -> Terrain:
        """Return the terrain of a place."""
        for length in range(len(region_code), 5, -1):
            if found := self.places.get(region_code[:length]):
                return found
        return self.otherwise

    @property
    def best_factor(self) -> float:
        """The least road over line divided by pace there is."""
        return min(self.winding[terrain] / self.pace[terrain] for terrain in self.winding)

    def is_night(self, local: datetime) -> bool:
        """Return whether a local time lies in the night, which may cross midnight."""
        return within(self.night, local.time())

    def turnout_s(self, kind: str, *, night: bool) -> float:
        """Return the seconds a kind of team needs to be on the road."""
        known = self.turnout.get(kind, self.usual_turnout)
        return known.night_s if night else known.day_s

    def drive_s(self, away_m: float, speed_kmh: float, terrain: Terrain, *, night: bool) -> float:
        """Return the seconds on the road for a straight-line distance in metres."""
        pace = self.pace[terrain] * (self.night_pace if night else 1.0)
        return away_m * self.winding[terrain] / (max(speed_kmh * pace, WALKING_KMH) / 3.6)

    def fastest_s(self, away_m: float, speed_kmh: float) -> float:
        """Return a time that no unit of this speed beats over the distance, whatever the terrain and hour."""
        return away_m * self.best_factor / (max(speed_kmh, WALKING_KMH) / 3.6)
