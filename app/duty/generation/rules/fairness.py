"""What an uneven roster costs: the one measure that the solver minimises and the reasons speak of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from app.duty.generation.rules.parts import Peers, carried, peers
from app.duty.generation.rules.problem import LOADS, Assignment, Candidate, Load, Problem, Slot, Wish
from app.duty.generation.rules.rule import barred
from app.duty.generation.rules.timeline import clashes

FINE = 8  # up to here the square is exact at every whole number; beyond, every fourth one is
COARSE = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """One kind of load among all who share it: what each brings, and the mean to which all are drawn."""

    load: Load
    brought: Mapping[int, int]
    amount: int
    groups: tuple[Peers, ...]
    square: int  # what a unit of squared deviation costs
    spread: int  # what a unit between the most and the least loaded peer costs

    @property
    def middle(self) -> int:
        """The whole number below the mean."""
        return (self.amount + sum(self.brought.values())) // len(self.brought)

    @property
    def least_spread(self) -> int:
        """The spread that nobody can avoid: 1 where the loads cannot be divided evenly."""
        return int(
            len(self.groups) == 1 and (self.amount + sum(self.brought.values())) % len(self.brought) > 0
        )


def scales(problem: Problem) -> tuple[Scale, ...]:
    """Return the loads that occur; nights that are simply all shifts are told once, at both prices."""
    groups, before, weights = peers(problem), carried(problem), problem.weights
    found: list[Scale] = []
    for load in LOADS:
        amount = sum(slot.needed for slot in problem.slots if slot.counts(load))
        brought = {person: before[person].of(load) for person in before}
        if not amount or not brought:
            continue
        scale = Scale(load, brought, amount, groups, weights.of(load), weights.spread)
        if load == "nights" and (found[0].amount, found[0].brought) == (amount, brought):
            first = found[0]
            found[0] = replace(first, square=first.square + scale.square, spread=first.spread + scale.spread)
        else:
            found.append(scale)
    return tuple(found)


@cache
def tangents(lowest: int, highest: int) -> tuple[tuple[int, int], ...]:
    """Return (slope, offset) of the lines whose upper hull is the square of a deviation in this range."""
    knots = [k for k in range(lowest, highest + 1) if abs(k) <= FINE or k % COARSE == 0]
    knots = sorted({lowest, *knots, highest})
    if len(knots) == 1:
        return ((0, lowest * lowest),)
    return tuple((one + other, -one * other) for one, other in pairwise(knots))


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


def spread(scale: Scale, group: Peers, given: Mapping[int, int]) -> int:
    """Return how far the most and the least loaded of the peers are apart, with what they brought."""
    loads = [scale.brought[person] + given.get(person, 0) for person in group.persons]
    return max(loads) - min(loads)


def cost(problem: Problem, assignments: Collection[Assignment]) -> int:
    """Return what the solver would say this roster of one part costs."""
    held = slots_of(problem, assignments)
    total = sum(
        problem.weights.wish * wish.weight
        for candidate, wish in wishes(problem)
        if not met(wish, held.get(candidate.person, ()))
    )
    if not problem.limits.nights_hard:
        total += problem.weights.night_over_limit * sum(
            _nights_over(problem, candidate, held.get(candidate.person, ()))
            for candidate in problem.candidates
        )
    for scale in scales(problem):
        given = loads(problem, assignments, scale.load)
        for person, brought in scale.brought.items():
            low, high = brought - scale.middle, brought + _most(problem, person, scale.load) - scale.middle
            total += scale.square * squared(brought + given[person] - scale.middle, low, high)
        total += scale.spread * sum(spread(scale, group, given) for group in scale.groups)
    return total


def slots_of(problem: Problem, assignments: Collection[Assignment]) -> dict[int, list[Slot]]:
    """Return the slots that each person holds."""
    held: dict[int, list[Slot]] = {}
    for one in assignments:
        if one.slot in problem.slot:
            held.setdefault(one.person, []).append(problem.slot[one.slot])
    return held


def _most(problem: Problem, person: int, load: Load) -> int:
    """How many slots of this kind the person could be given: the far end of the solver's scale."""
    return sum(slot.counts(load) for slot in _open_to(problem, problem.candidate[person]))


def _open_to(problem: Problem, candidate: Candidate) -> Iterator[Slot]:
    """Return the slots which the person could take, looking at each alone."""
    by_hand = {one.slot for one in problem.fixed if one.person == candidate.person}
    for slot in problem.slots:
        listed = (slot.post, slot.seat) in candidate.fills or slot.id in by_hand
        if listed and not any(barred(problem, slot, candidate.person)):
            yield slot


def _nights_over(problem: Problem, candidate: Candidate, held: Collection[Slot]) -> int:
    """By how many nights a soft limit is passed, told for every seven days in which it is."""
    nights = {slot.during for slot in _open_to(problem, candidate) if slot.night}
    taken = [slot.during for slot in held if slot.night]
    return sum(
        max(0, sum(night in week.times for night in taken) - week.allowed)
        for week in clashes((), nights, candidate.around, problem.limits)
    )
