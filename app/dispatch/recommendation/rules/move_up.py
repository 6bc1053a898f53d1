"""Move-up (补位): no township is left bare when its teams have gone. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from app.dispatch.recommendation.rules.candidate import Candidate
from app.dispatch.recommendation.rules.travel import RoadModel
from app.tracking.distance import distance_m


@dataclass(frozen=True, slots=True)
class Cover:
    """What each township keeps: at least `teams` free teams of these kinds with one of the capabilities."""

    capabilities: frozenset[str]
    kinds: frozenset[str]
    teams: int = 1

    def counts(self, candidate: Candidate) -> bool:
        """Return whether a team counts as cover."""
        return candidate.kind in self.kinds and not self.capabilities.isdisjoint(candidate.capabilities)


@dataclass(frozen=True, slots=True)
class Place:
    """A township: its 9-digit code, its name and where its desk is."""

    code: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class MoveUp:
    """A team that should stand in where a township would be bare; `candidate` None: nobody can be spared."""

    to: Place
    candidate: Candidate | None
    drive_s: float | None


def covered(free: Iterable[Candidate], leaving: Collection[int], cover: Cover) -> set[str]:
    """Return the 9-digit places that these free teams alone cover once the `leaving` teams have gone."""
    left = Counter(one.region_code[:9] for one in free if cover.counts(one) and one.team_id not in leaving)
    return {code for code, teams in left.items() if teams >= cover.teams}


def bare_after(free: Sequence[Candidate], leaving: Collection[int], cover: Cover) -> list[str]:
    """Return the 9-digit places that have cover now and none once the `leaving` teams have gone."""
    able = [one for one in free if cover.counts(one)]
    before = Counter(one.region_code[:9] for one in able)
    after = Counter(one.region_code[:9] for one in able if one.team_id not in leaving)
    return sorted(code for code in before if before[code] >= cover.teams > after[code])


def move_ups(
    bare: Sequence[Place],
    free: Sequence[Candidate],
    leaving: Collection[int],
    cover: Cover,
    roads: RoadModel,
    *,
    night: bool,
) -> list[MoveUp]:
    """Return who moves to the bare places after the `leaving` teams have gone (field.md D10).

    A giver keeps its own cover; the nearest team moves; nobody moves twice.
    """
    able = [one for one in free if cover.counts(one) and one.team_id not in leaving and one.lon is not None]
    left = Counter(one.region_code[:9] for one in able)
    moved: set[int] = set()
    found = []
    for to in bare:
        givers = [
            (_drive_s(one, to, roads, night=night), one.team_id, one)
            for one in able
            if one.team_id not in moved
            and one.region_code[:9] != to.code
            and left[one.region_code[:9]] > cover.teams
        ]
        if not givers:
            found.append(MoveUp(to, None, None))
            continue
        drive, team_id, one = min(givers)
        moved.add(team_id)
        left[one.region_code[:9]] -= 1
        found.append(MoveUp(to, one, drive))
    return found


def _drive_s(one: Candidate, to: Place, roads: RoadModel, *, night: bool) -> float:
    assert one.lon is not None and one.lat is not None
    away = distance_m(to.lon, to.lat, one.lon, one.lat)
    return roads.drive_s(away, one.speed_kmh, roads.terrain(to.code), night=night)
