"""Which times of duty one person cannot all take: overlaps, rest, stretches, nights (domain/rules B7 R20)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from app.duty.generation.rules.problem import Around, Interval, Limits
from app.duty.generation.rules.rule import Kind

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Clash:
    """Of the shifts at these times one person takes `allowed` at most."""

    kind: Kind
    times: tuple[Interval, ...]
    allowed: int


def clashes(
    times: Collection[Interval], nights: Collection[Interval], around: Collection[Around], limits: Limits
) -> tuple[Clash, ...]:
    """Return what binds a person who may take any of `times`, of which `nights` are nights.

    `around` stands fixed: it takes away from what is allowed, and is never itself at fault.
    """
    before_and_after = tuple(one.during for one in around)
    found = [
        *_pairs(sorted(times), before_and_after, limits.min_rest),
        *_stretches(sorted(times), before_and_after, limits.max_continuous),
        *_weeks(sorted(nights), [one.during for one in around if one.night], limits.max_nights_in_7),
    ]
    return tuple(dict.fromkeys(found))


def _pairs(times: list[Interval], around: tuple[Interval, ...], rest: timedelta) -> Iterator[Clash]:
    for one, other in combinations(times, 2):
        if other.start - one.end >= rest and not one.overlaps(other):
            continue
        if kind := _too_near(one, other, rest):
            yield Clash(kind, (one, other), 1)
    for one in times:
        for other in around:
            if kind := _too_near(one, other, rest):
                yield Clash(kind, (one,), 0)


def _too_near(one: Interval, other: Interval, rest: timedelta) -> Kind | None:
    if one.overlaps(other):
        return "one_place"
    gap = max(other.start - one.end, one.start - other.end)
    return "rest" if timedelta(0) < gap < rest else None


def _stretches(times: list[Interval], around: tuple[Interval, ...], most: timedelta) -> Iterator[Clash]:
    """Return the shortest chains of shifts that touch and together are too long."""
    following: dict[datetime, list[tuple[Interval, bool]]] = {}
    for one, ours in (*((one, True) for one in times), *((one, False) for one in around)):
        following.setdefault(one.start, []).append((one, ours))
    pending: list[tuple[tuple[Interval, bool], ...]] = [
        (one,) for starting in following.values() for one in starting
    ]
    while pending:
        chain = pending.pop()
        end = chain[-1][0].end
        if end - chain[0][0].start <= most:
            pending.extend((*chain, after) for after in following.get(end, ()))
        elif mine := tuple(one for one, ours in chain if ours):
            yield Clash("continuous", mine, len(mine) - 1)


def _weeks(nights: list[Interval], around: list[Interval], most: int) -> Iterator[Clash]:
    starts = sorted({one.start for one in (*nights, *around)})
    for first in starts:
        mine = tuple(one for one in nights if first <= one.start < first + WEEK)
        taken = sum(first <= one.start < first + WEEK for one in around)
        if mine:
            yield Clash("nights", mine, max(0, most - taken))
