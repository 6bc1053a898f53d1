"""What an uneven roster costs: the one measure that the solver minimises and the reasons speak of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from app.duty.generation.rules.parts import Peers, carried, peers
from app.duty.generation.rules.problem import LOADS, Assignment, Candidate, Load, Problem, Slot, Wish

FINE = 8  # up to here the square is exact at every whole number; beyond, every fourth one is
COARSE = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """One kind of load among all who share it: what each brings, and the mean to which all are drawn."""

    load: Load
    brought: Mapping[int, int]
    middle: int
    groups: tuple[Peers, ...]


def scales(problem: Problem) -> tuple[Scale, ...]:
    """Return the loads that occur in the problem; nights that are simply all shifts are not told twice."""
    groups = peers(problem)
    before = carried(problem)
    found: list[Scale] = []
    for load in LOADS:
        amount = sum(slot.needed for slot in problem.slots if slot.counts(load))
        brought = {person: before[person].of(load) for person in before}
        if amount and brought:
            middle = (amount + sum(brought.values())) // len(brought)
            found.append(Scale(load, brought, middle, groups))
    return tuple(found)


@cache
def tangents(lowest: int, highest: int) -> tuple[tuple[int, int], ...]:
    """Return (slope, offset) of the lines whose upper hull is the square of a deviation in this range."""
    knots = [k for k in range(lowest, highest + 1) if abs(k) <= FINE or k % COARSE == 0]
    knots = sorted({lowest, *knots, highest})
    if len(knots) == 1:
        return ((0, lowest * lowest),)
    return tuple((one + other, -one * other) for one, other in zip(knots, knots[1:], strict=False))


def squared(deviation: int, lowest: int, highest: int) -> int:
    """Return the square as the solver sees it: exact near the mean, by chords far from it."""
    return max(slope * deviation + offset for slope, offset in tangents(lowest, highest))


def wishes(problem: Problem) -> Iterator[tuple[Candidate, Wish]]:
    """Return every wish with who has it."""
    for candidate in problem.candidates:
        for wish in candidate.wishes:
            yield candidate, wish


def met(wish: Wish, held: Collection[Slot]) -> bool:
    """Return whether the slots which the person holds meet the wish."""
    return any(wish.concerns(slot) for slot in held) == (wish.kind == "want")


def loads(problem: Problem, assignments: Collection[Assignment], load: Load) -> Counter[int]:
    """Return the load of this month by person, without what was carried."""
    slots = problem.slot
    return Counter(one.person for one in assignments if one.slot in slots and slots[one.slot].counts(load))
