"""The hard rules by name: each instance can be broken, kept, or be part of a conflict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.duty.generation.rules.problem import Interval, Limits, Problem, Slot

Kind = Literal[
    "coverage",
    "seat",
    "qualification",
    "leave",
    "fixed",
    "one_place",
    "rest",
    "continuous",
    "nights",
    "month",
]
PERSONAL: tuple[Kind, ...] = ("one_place", "rest", "continuous", "nights", "month")


@dataclass(frozen=True, slots=True)
class Rule:
    """One instance of a rule: of a slot, of a person, of both, or of a person's leave."""

    kind: Kind
    slot: str | None = None
    person: int | None = None
    leave: Interval | None = None


def rules_of(problem: Problem) -> tuple[Rule, ...]:
    """Return every instance that the problem holds, slots first."""
    return tuple(dict.fromkeys(_all(problem)))


def barred(problem: Problem, slot: Slot, person: int) -> Iterator[Rule]:
    """Return the rules which alone keep this person off this slot."""
    candidate = problem.candidate[person]
    if (slot.post, slot.seat) not in candidate.fills:
        yield Rule("seat", slot.id, person)
    if not slot.requires <= candidate.qualifications:
        yield Rule("qualification", slot.id)
    for leave in candidate.leave:
        if leave.overlaps(slot.during):
            yield Rule("leave", person=person, leave=leave)


def _all(problem: Problem) -> Iterator[Rule]:
    for slot in problem.slots:
        yield Rule("coverage", slot.id)
        if slot.requires:
            yield Rule("qualification", slot.id)
    for fixed in problem.fixed:
        yield Rule("fixed", fixed.slot, fixed.person)
        slot = problem.slot[fixed.slot]
        if (slot.post, slot.seat) not in problem.candidate[fixed.person].fills:
            yield Rule("seat", fixed.slot, fixed.person)
    personal = _personal(problem.limits)
    for candidate in problem.candidates:
        for leave in candidate.leave:
            yield Rule("leave", person=candidate.person, leave=leave)
        for kind in personal:
            yield Rule(kind, person=candidate.person)


def _personal(limits: Limits) -> list[Kind]:
    off: set[Kind] = set()
    if not limits.nights_hard:
        off.add("nights")
    if limits.max_per_month is None:
        off.add("month")
    return [kind for kind in PERSONAL if kind not in off]
