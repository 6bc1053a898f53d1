"""The five steps 有预警、有叫应、有行动、有反馈、有核实 (domain/rules 8), and how many did them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.response.call_and_respond.rules.limits import Tier

Standing = Literal["waiting", "answered", "late", "silent"]
Outcome = Literal["agrees", "not_passed_on", "unreached"]


@dataclass(frozen=True, slots=True)
class Place:
    """A target as the counts see it."""

    tier: Tier
    region_code: str
    standing: Standing
    warned: bool
    acted: bool
    fed_back: bool
    drawn: bool
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many targets of a tier (in a township) there are, and how many of them have come how far."""

    tier: Tier
    township_code: str | None
    total: int
    waiting: int
    answered: int
    late: int
    silent: int
    warned: int
    acted: int
    fed_back: int
    drawn: int
    agreed: int
    not_passed_on: int


def standing(due_at: datetime, answered_at: datetime | None, now: datetime) -> Standing:
    """Return how a target stands; the deadline itself is in time."""
    if answered_at is not None:
        return "late" if answered_at > due_at else "answered"
    return "silent" if now > due_at else "waiting"


def township_of(region_code: str) -> str:
    """Return the township of a place (its county for the county)."""
    return region_code[:9] + "000"


def counted(places: Iterable[Place]) -> list[Counted]:
    """Return the counts of each tier, and of its villages township by township. Silent are the unanswered
    beyond their deadline, waiting those before it; `answered` counts the late ones too.
    """
    by: dict[tuple[Tier, str | None], list[Place]] = {}
    for place in places:
        by.setdefault((place.tier, None), []).append(place)
        if place.tier == "village":
            by.setdefault((place.tier, township_of(place.region_code)), []).append(place)
    order: dict[Tier, int] = {"county": 0, "township": 1, "village": 2}
    keys = sorted(by, key=lambda key: (order[key[0]], key[1] or ""))
    return [_count(tier, code, by[tier, code]) for tier, code in keys]


def _count(tier: Tier, code: str | None, places: list[Place]) -> Counted:
    stands = [place.standing for place in places]
    return Counted(
        tier=tier,
        township_code=code,
        total=len(places),
        waiting=stands.count("waiting"),
        answered=stands.count("answered") + stands.count("late"),
        late=stands.count("late"),
        silent=stands.count("silent"),
        warned=sum(place.warned for place in places),
        acted=sum(place.acted for place in places),
        fed_back=sum(place.fed_back for place in places),
        drawn=sum(place.drawn for place in places),
        agreed=sum(place.outcome == "agrees" for place in places),
        not_passed_on=sum(place.outcome == "not_passed_on" for place in places),
    )


def sample(villages: int, percent: int) -> int:
    """Return of how many villages a spot call asks: so many in a hundred, rounded up, at least one."""
    return min(villages, max(1, -(-villages * percent // 100))) if villages else 0
