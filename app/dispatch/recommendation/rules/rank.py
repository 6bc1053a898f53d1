"""Who could go, the best first, and who cannot and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.dispatch.recommendation.rules.candidate import (
    Candidate,
    Policy,
    is_stale,
    obstacle,
    outside,
    rested_from,
)
from app.dispatch.recommendation.rules.travel import RoadModel, Terrain
from app.dispatch.recommendation.rules.words import Reason
from app.tracking.distance import distance_m

LACK_COSTS_S = 900.0  # a missing capability weighs as much as fifteen minutes [D]
TIRED_COSTS_S = 6 * 3600.0  # who still rests goes after everybody who does not
BUSY_DAY_COSTS_S = 120.0  # each earlier job of the day: between equals the fresher team goes


@dataclass(frozen=True, slots=True)
class Scene:
    """Where it is, when (local time), and what is wanted: all of it, or any one of it."""

    lon: float
    lat: float
    region_code: str
    local: datetime
    wanted: tuple[str, ...]
    any_of: bool = False

    def lacks(self, capabilities: frozenset[str]) -> list[str]:
        """Return what a unit with these capabilities does not bring."""
        return [] if self.any_of else [c for c in self.wanted if c not in capabilities]


@dataclass(frozen=True, slots=True)
class Option:
    """A unit that may go. `away_m` is along the straight line; `routed` the time came from a road service."""

    candidate: Candidate
    away_m: float
    turnout_s: float
    drive_s: float
    cost_s: float
    lacks: tuple[str, ...]
    rests_until: datetime | None
    stale: bool
    routed: bool

    @property
    def team_id(self) -> int:
        """The team."""
        return self.candidate.team_id

    @property
    def eta_s(self) -> float:
        """From the order to the scene."""
        return self.turnout_s + self.drive_s


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A unit that is able but not offered, and why. `away_m` None: nobody knows where it is."""

    team_id: int
    team_name: str
    reason: Reason
    away_m: float | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Everybody able: those who may go in order, and those who may not, the nearest first.

    `asked_roads`: there is a road service, so it matters whether a time is its own or an estimate.
    """

    options: tuple[Option, ...]
    left_out: tuple[LeftOut, ...]
    asked_roads: bool = False


def rank(
    scene: Scene,
    candidates: Iterable[Candidate],
    now: datetime,
    policy: Policy,
    roads: RoadModel,
    routed_s: Mapping[int, float] | None = None,
) -> Ranking:
    """Rank the units for a scene; `routed_s` are driving times of a road service by team, None without one.

    Able means: has at least one wanted capability. Sorted by time to arrive; a missing capability costs as
    much as fifteen minutes, who still rests goes last. Ties are broken by team id: the same facts give the
    same list.
    """
    there = _There(roads.is_night(scene.local), roads.terrain(scene.region_code), now, policy, roads)
    options, left_out = [], []
    for one in candidates:
        if one.capabilities.isdisjoint(scene.wanted):
            continue
        away = (
            None if one.lon is None or one.lat is None else distance_m(scene.lon, scene.lat, one.lon, one.lat)
        )
        reason = obstacle(one, now, policy)
        if reason is None and away is not None:
            reason = outside(away, policy)
        if reason is not None or away is None:
            assert reason is not None  # without a position obstacle() said so
            left_out.append(LeftOut(one.team_id, one.name, reason, away))
            continue
        options.append(_option(scene, one, away, there, routed_s or {}))
    options.sort(key=lambda o: (o.cost_s, o.team_id))
    left_out.sort(key=lambda o: (o.away_m is None, o.away_m or 0.0, o.team_id))
    return Ranking(tuple(options), tuple(left_out), routed_s is not None)


@dataclass(frozen=True, slots=True)
class _There:
    """What is the same for every unit of a question: worked out once."""

    night: bool
    terrain: Terrain
    now: datetime
    policy: Policy
    roads: RoadModel


def _option(
    scene: Scene, one: Candidate, away: float, there: _There, routed_s: Mapping[int, float]
) -> Option:
    roads, now, policy = there.roads, there.now, there.policy
    turnout = roads.turnout_s(one.kind, night=there.night)
    drive = routed_s.get(one.team_id)
    routed = drive is not None
    if drive is None:
        drive = roads.drive_s(away, one.speed_kmh, there.terrain, night=there.night)
    lacks = tuple(scene.lacks(one.capabilities))
    rests = rested_from(one, now, policy)
    cost = turnout + drive + len(lacks) * LACK_COSTS_S + one.jobs * BUSY_DAY_COSTS_S
    cost += TIRED_COSTS_S if rests else 0.0
    return Option(one, away, turnout, drive, cost, lacks, rests, is_stale(one, now, policy), routed)
