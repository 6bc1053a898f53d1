"""Which posts are checked: a draw that anybody can repeat from the seed and the pool."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo


@dataclass(frozen=True, slots=True)
class Quota:
    """How often each post is checked a month, and how often of these at night (domain/rules B7 R13)."""

    per_month: int = 2
    night_min: int = 1
    night_from: time = time(0)
    night_to: time = time(6)


@dataclass(frozen=True, slots=True)
class Lack:
    """What a post still lacks of its quota in a month."""

    checks: int
    night: int

    @property
    def anything(self) -> bool:
        """Whether the post is to be checked again this month."""
        return self.checks > 0 or self.night > 0


def draw(
    pool: Collection[int], count: int, seed: str, before: Mapping[int, int] | None = None
) -> tuple[int, ...]:
    """Draw `count` posts of the pool, in the order in which they are called.

    Every post gets a number that depends on the seed and on itself alone; the smallest are drawn. So the draw
    is the same on every machine, whatever the order of the pool. `before` gives posts a rank: those of a
    higher rank are drawn before all others (those who lack their quota, R13). Raises ValueError when the pool
    holds fewer posts.
    """
    if not 0 < count <= len(set(pool)):
        raise ValueError(f"{count} of {len(set(pool))} cannot be drawn")
    rank = before or {}
    return tuple(sorted(set(pool), key=lambda post: (-rank.get(post, 0), _lot(seed, post)))[:count])


def _lot(seed: str, post: int) -> bytes:
    return hashlib.sha256(f"{seed}:{post}".encode()).digest()


def lack(checks: int, night_checks: int, quota: Quota) -> Lack:
    """Return what is missing after so many checks in a month, of which so many at night."""
    return Lack(max(0, quota.per_month - checks), max(0, quota.night_min - night_checks))


def ranks(lacks: Mapping[int, Lack], *, at_night: bool) -> dict[int, int]:
    """Return who is drawn first: the more a post lacks, the sooner; the night counts only at night."""
    return {post: one.checks + (2 * one.night if at_night else 0) for post, one in lacks.items()}


def is_night(at: datetime, zone: tzinfo, quota: Quota) -> bool:
    """Whether an instant lies in the hours of the night check, by the wall clock of the county."""
    return quota.night_from <= at.astimezone(zone).time() < quota.night_to


def within(region_code: str, places: Sequence[str]) -> bool:
    """Whether a post lies in one of these places; no place named means everywhere (domain/rules B9)."""
    return not places or any(region_code.startswith(_reach(place)) for place in places)


def _reach(place: str) -> str:
    told = len(place.rstrip("0"))
    return place[: 6 if told <= 6 else 9 if told <= 9 else 12]
