"""Does a roster keep the hard rules? Checked by plain looking, apart from the solver, for any roster.

Rules: domain/rules B7 R1 (coverage), R20 (rest). A roster made by hand may also name what does not exist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from app.duty.generation.rules.problem import Assignment, Candidate, Interval, Problem
from app.duty.generation.rules.rule import Kind, Rule, barred

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that is broken, on which slots. `hard` off: the limit may be passed, at a price."""

    rule: Rule
    slots: tuple[str, ...]
    hard: bool = True


@dataclass(frozen=True, slots=True)
class _Duty:
    """A stretch of a person's calendar; `slot` None lies before or after the month."""

    during: Interval
    night: bool
    slot: str | None


def validate(problem: Problem, assignments: Collection[Assignment]) -> tuple[Violation, ...]:
    """Return every violation; none means that the roster may be published."""
    known: list[Assignment] = []
    unknown: list[Assignment] = []
    held: dict[int, list[str]] = {}
    for one in assignments:
        exists = one.slot in problem.slot and one.person in problem.candidate
        (known if exists else unknown).append(one)
        held.setdefault(one.person, []).append(one.slot)
    return (
        *(Violation(Rule("seat", one.slot, one.person), (one.slot,)) for one in unknown),
        *_slots(problem, known),
        *_fixed(problem, known),
        *(
            violation
            for candidate in problem.candidates
            for violation in _person(problem, candidate, held.get(candidate.person, []))
        ),
    )


def broken(problem: Problem, assignments: Collection[Assignment]) -> frozenset[Rule]:
    """Return the hard rules that the roster breaks."""
    return frozenset(violation.rule for violation in validate(problem, assignments) if violation.hard)


def _slots(problem: Problem, assignments: Collection[Assignment]) -> Iterator[Violation]:
    sitting = Counter(one.slot for one in set(assignments))
    for slot in problem.slots:
        if sitting[slot.id] != slot.needed:
            yield Violation(Rule("coverage", slot.id), (slot.id,))
    for one in assignments:
        for rule in barred(problem, problem.slot[one.slot], one.person):
            yield Violation(rule, (one.slot,))


def _fixed(problem: Problem, assignments: Collection[Assignment]) -> Iterator[Violation]:
    seated = {(one.slot, one.person) for one in assignments}
    for fixed in problem.fixed:
        if (fixed.slot, fixed.person) not in seated:
            yield Violation(Rule("fixed", fixed.slot, fixed.person), (fixed.slot,))


def _person(problem: Problem, candidate: Candidate, held: list[str]) -> Iterator[Violation]:
    slots = [problem.slot[slot] for slot in held if slot in problem.slot]
    most = problem.limits.max_per_month
    if most is not None and len(slots) > most:
        yield Violation(Rule("month", person=candidate.person), tuple(slot.id for slot in slots))
    duties = sorted(
        [
            *(_Duty(slot.during, slot.night, slot.id) for slot in slots),
            *(_Duty(around.during, around.night, None) for around in candidate.around),
        ],
        key=lambda duty: (duty.during, duty.slot or ""),
    )
    yield from _pairs(problem, candidate.person, duties)
    yield from _stretches(problem, candidate.person, duties)
    yield from _nights(problem, candidate.person, [duty for duty in duties if duty.night])


def _pairs(problem: Problem, person: int, duties: list[_Duty]) -> Iterator[Violation]:
    for one, other in combinations(duties, 2):
        kind: Kind
        if one.during.overlaps(other.during):
            kind = "one_place"
        elif timedelta(0) < other.during.start - one.during.end < problem.limits.min_rest:
            kind = "rest"
        else:
            continue
        yield from _told(kind, person, [one, other])


def _stretches(problem: Problem, person: int, duties: list[_Duty]) -> Iterator[Violation]:
    """Walk on from every duty as long as one begins when another ends."""
    for first in duties:
        walks = [[first]]
        while walks:
            walk = walks.pop()
            if walk[-1].during.end - first.during.start > problem.limits.max_continuous:
                yield from _told("continuous", person, walk)
                continue
            walks.extend([*walk, next_] for next_ in duties if next_.during.start == walk[-1].during.end)


def _nights(problem: Problem, person: int, nights: list[_Duty]) -> Iterator[Violation]:
    for first in nights:
        week = [
            duty for duty in nights if first.during.start <= duty.during.start < first.during.start + WEEK
        ]
        if len(week) > problem.limits.max_nights_in_7:
            yield from _told("nights", person, week, hard=problem.limits.nights_hard)


def _told(kind: Kind, person: int, duties: list[_Duty], *, hard: bool = True) -> Iterator[Violation]:
    """Leave out what happened before and after the month alone: it is no fault of this roster."""
    ours = tuple(duty.slot for duty in duties if duty.slot is not None)
    if ours:
        yield Violation(Rule(kind, person=person), ours, hard)
