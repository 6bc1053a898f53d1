"""Is every seat filled at every minute, and nobody in two at once? (domain/rules B7 R1, R4)"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, pairwise

from app.duty.roster.rules.interval import Interval, OnDuty, union, within


@dataclass(frozen=True, slots=True)
class Gap:
    """A time (漏岗) with fewer persons than needed, `missing` of them."""

    interval: Interval
    missing: int


@dataclass(frozen=True, slots=True)
class Excess:
    """A time with more persons than needed, `extra` of them."""

    interval: Interval
    extra: int


@dataclass(frozen=True, slots=True)
class DoubleBooking:
    """A person in two seats at once."""

    person: int
    seats: tuple[int, int]
    interval: Interval


def gaps(shifts: Iterable[OnDuty], needed: int, within: Interval) -> tuple[Gap, ...]:
    """Return every time with fewer than `needed` different persons, sorted; none is the proof of coverage.

    Raises ValueError when `needed` is negative.
    """
    return tuple(Gap(span, needed - n) for span, n in _counted(shifts, needed, within) if n < needed)


def excess(shifts: Iterable[OnDuty], needed: int, within: Interval) -> tuple[Excess, ...]:
    """Return every time with more than `needed` different persons, sorted. Raises as `gaps` does."""
    return tuple(Excess(span, n - needed) for span, n in _counted(shifts, needed, within) if n > needed)


def double_bookings(seats: Mapping[int, Iterable[OnDuty]]) -> tuple[DoubleBooking, ...]:
    """Return every time a person sits in two of the seats at once, by time, then person and seats.

    `seats` holds the shifts of each seat by its id. A person in three seats is told for each pair.
    """
    theirs: defaultdict[int, defaultdict[int, list[Interval]]] = defaultdict(lambda: defaultdict(list))
    for seat, shifts in seats.items():
        for shift in shifts:
            theirs[shift.person][seat].append(shift.interval)
    found = [
        DoubleBooking(person, (one, other), both)
        for person, held in theirs.items()
        for one, other in combinations(sorted(held), 2)
        for both in _common(union(held[one]), union(held[other]))
    ]
    return tuple(sorted(found, key=lambda each: (each.interval, each.person, each.seats)))


def _common(some: tuple[Interval, ...], others: tuple[Interval, ...]) -> Iterator[Interval]:
    for one in some:
        yield from within(others, one)


def _counted(shifts: Iterable[OnDuty], needed: int, span: Interval) -> Iterator[tuple[Interval, int]]:
    """Yield how many different persons are there, in spans as long as the number stays the same."""
    if needed < 0:
        raise ValueError("所需人数不能为负 / the number of persons needed cannot be negative")
    by_person: defaultdict[int, list[Interval]] = defaultdict(list)
    for shift in shifts:
        by_person[shift.person].append(shift.interval)
    change: defaultdict[datetime, int] = defaultdict(int, {span.start: 0, span.end: 0})
    for theirs in by_person.values():
        for one in within(union(theirs), span):
            change[one.start] += 1
            change[one.end] -= 1
    edges = [at for at in sorted(change) if change[at] or at in (span.start, span.end)]
    count = 0
    for start, end in pairwise(edges):
        count += change[start]
        yield Interval(start, end), count
