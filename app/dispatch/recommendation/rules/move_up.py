"""Move-up (补位): no township is left bare when its teams have gone. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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


def move_ups(
    places: Mapping[str, Place],
    free: Sequence[Candidate],
    leaving: Collection[int],
    cover: Cover,
    roads: RoadModel,
    *,
    night: bool,
) -> list[MoveUp]:
    """Return who moves where after the `leaving` teams have gone (field.md D10).

    Only townships that had cover before are made good. A giver keeps its own cover; the nearest team moves;
    nobody moves twice.
    """
    able = [one for one in free if cover.counts(one) and one.lon is not None and one.lat is not None]
    home = {one.team_id: one.region_code[:9] for one in able}
    before = Counter(home.values())
    after = Counter(home[one.team_id] for one in able if one.team_id not in leaving)
    bare = sorted(code for code in before if before[code] >= cover.teams > after[code] and code in places)
    moved: set[int] = set()
    found = []
    for code in bare:
        to = places[code]
        givers = []
        for one in able:
            spare = after[home[one.team_id]] > cover.teams
            if one.team_id in leaving or one.team_id in moved or home[one.team_id] == code or not spare:
                continue
            away = distance_m(to.lon, to.lat, one.lon or 0.0, one.lat or 0.0)
            drive = roads.drive_s(away, one.speed_kmh, roads.terrain(code), night=night)
            givers.append((drive, one.team_id, one))
        if not givers:
            found.append(MoveUp(to, None, None))
            continue
        drive, team_id, one = min(givers)
        moved.add(team_id)
        after[home[team_id]] -= 1
        found.append(MoveUp(to, one, drive))
    return found
