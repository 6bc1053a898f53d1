"""How good a roster is, generated or made by hand: one score to compare by, and what stands behind it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import fmean

from app.duty.generation.rules.fairness import loads, met, slots_of, wishes
from app.duty.generation.rules.parts import Peers, carried, peers
from app.duty.generation.rules.problem import LOADS, Assignment, Load, Problem
from app.duty.generation.rules.validate import Violation, validate

FAIR = 60.0  # points for even loads
WISHED = 40.0  # points for wishes met
NOT_TO_PUBLISH = 59.0  # the most that a roster with a gap or a broken rule can get
PER_VIOLATION = 3.0
SPREAD_THAT_HALVES = 3  # beyond the 1 that nobody can avoid


@dataclass(frozen=True, slots=True)
class Balance:
    """One kind of load among peers, with what they carried: `person` holds each one's load."""

    load: Load
    seats: tuple[tuple[str, str], ...]
    least: int
    most: int
    mean: float
    person: Mapping[int, int]

    @property
    def spread(self) -> int:
        """How far the most and the least loaded are apart."""
        return self.most - self.least

    @property
    def evenness(self) -> float:
        """1 when nobody could be nearer to the others, towards 0 the further they are apart."""
        return 1.0 / (1.0 + max(0, self.spread - 1) / SPREAD_THAT_HALVES)


@dataclass(frozen=True, slots=True)
class Quality:
    """The score from 0 to 100 and its grounds. `gaps` are slots with fewer persons than they need."""

    score: float
    gaps: tuple[str, ...]
    balance: tuple[Balance, ...]
    wishes: int
    wishes_met: int
    wishes_met_pct: float
    violations: tuple[Violation, ...]

    @property
    def publishable(self) -> bool:
        """No gap and no hard rule broken."""
        return not self.gaps and not any(violation.hard for violation in self.violations)


def quality(problem: Problem, assignments: Collection[Assignment]) -> Quality:
    """Return the quality of exactly this list of assignments.

    60 points for even loads, 40 for wishes met (by weight), less 3 for each violation, times the share of
    places filled; with a gap or a broken hard rule never above 59.
    """
    violations = validate(problem, assignments)
    gaps, filled = _gaps(problem, assignments)
    balance = _balance(problem, assignments)
    told, count, kept = _wishes(problem, assignments)
    people = sum(len(one.person) for one in balance)
    even = sum(one.evenness * len(one.person) for one in balance) / people if people else 1.0
    score = (FAIR * even + WISHED * told) * filled - PER_VIOLATION * len(violations)
    if gaps or any(violation.hard for violation in violations):
        score = min(score, NOT_TO_PUBLISH)
    pct = 100.0 * kept / count if count else 100.0
    return Quality(round(max(0.0, score), 1), gaps, balance, count, kept, round(pct, 1), violations)


def _gaps(problem: Problem, assignments: Collection[Assignment]) -> tuple[tuple[str, ...], float]:
    sitting: dict[str, set[int]] = {}
    for one in assignments:
        if one.person in problem.candidate:
            sitting.setdefault(one.slot, set()).add(one.person)
    here = {slot.id: min(slot.needed, len(sitting.get(slot.id, ()))) for slot in problem.slots}
    gaps = tuple(slot.id for slot in problem.slots if here[slot.id] < slot.needed)
    return gaps, sum(here.values()) / problem.places if problem.slots else 1.0


def _balance(problem: Problem, assignments: Collection[Assignment]) -> tuple[Balance, ...]:
    before = carried(problem)
    found: list[Balance] = []
    for group in peers(problem):
        for load in LOADS:
            if any(slot.counts(load) and (slot.post, slot.seat) in group.seats for slot in problem.slots):
                given = loads(problem, assignments, load)
                own = {person: before[person].of(load) + given[person] for person in group.persons}
                found.append(_among(load, group, own))
    return tuple(found)


def _among(load: Load, group: Peers, own: Mapping[int, int]) -> Balance:
    return Balance(
        load, group.seats, min(own.values()), max(own.values()), round(fmean(own.values()), 2), own
    )


def _wishes(problem: Problem, assignments: Collection[Assignment]) -> tuple[float, int, int]:
    """Return the share of weight that is met, how many wishes there are, and how many are met."""
    held = slots_of(problem, assignments)
    every = [(wish.weight, met(wish, held.get(candidate.person, ()))) for candidate, wish in wishes(problem)]
    weight = sum(one for one, _ in every)
    told = sum(one for one, kept in every if kept) / weight if weight else 1.0
    return told, len(every), sum(kept for _, kept in every)
