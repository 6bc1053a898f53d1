"""How a team from outside comes and goes, and what of it is counted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

KIND = "outside"
"""The kind of its entry among the teams: no count of the county's own forces holds it."""
OutsideState = Literal["announced", "arrived", "released", "cancelled"]
OutsideStep = Literal["arrive", "release", "cancel"]
STEPS: Mapping[tuple[str, str], OutsideState] = {
    ("announced", "arrive"): "arrived",
    ("announced", "cancel"): "cancelled",
    ("arrived", "release"): "released",
}


@dataclass(frozen=True, slots=True)
class Helper:
    """A team from outside as it is counted; `out` while an assignment of ours holds it."""

    origin: str
    state: str
    strength: int
    people: int
    out: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How much help there is: on its way, here (some of it out), gone home, and all that ever came."""

    announced_teams: int = 0
    announced_people: int = 0
    here_teams: int = 0
    here_people: int = 0
    out_teams: int = 0
    out_people: int = 0
    released_teams: int = 0
    released_people: int = 0

    @property
    def came_teams(self) -> int:
        """All teams that ever came."""
        return self.here_teams + self.released_teams

    @property
    def came_people(self) -> int:
        """All people that ever came."""
        return self.here_people + self.released_people


def count(helpers: Iterable[Helper]) -> Count:
    """Count teams from outside; what was called off is nothing, people are counted as they came."""
    known = list(helpers)
    coming = [one for one in known if one.state == "announced"]
    here = [one for one in known if one.state == "arrived"]
    out = [one for one in here if one.out]
    gone = [one for one in known if one.state == "released"]
    return Count(
        len(coming),
        sum(one.strength for one in coming),
        len(here),
        sum(one.people for one in here),
        len(out),
        sum(one.people for one in out),
        len(gone),
        sum(one.people for one in gone),
    )


def by_origin(helpers: Iterable[Helper]) -> dict[str, Count]:
    """Count them apart by where they come from, most people first."""
    known = list(helpers)
    counts = {one.origin: count(h for h in known if h.origin == one.origin) for one in known}
    return dict(sorted(counts.items(), key=lambda one: (-one[1].came_people, one[0])))


def overdue(state: str, expected_at: datetime | None, now: datetime) -> bool:
    """Whether a team should be here and is not."""
    return state == "announced" and expected_at is not None and expected_at < now
