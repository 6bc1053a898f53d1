"""What can be decided apart: seats that share nobody, and persons who do the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.duty.generation.rules.problem import LOADS, Candidate, Carried, Problem


@dataclass(frozen=True, slots=True)
class Part:
    """A problem of its own: no person and no slot of it occurs in another part."""

    problem: Problem
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Peers:
    """Persons who fill the same seats, whose loads ought to be alike."""

    seats: tuple[tuple[str, str], ...]
    persons: tuple[int, ...]


def split(problem: Problem) -> tuple[Part, ...]:
    """Return the parts, in the order of their first slot; each carries only what concerns it."""
    root = _linked(problem)
    slots: dict[tuple[str, str], list[int]] = {}
    for number, slot in enumerate(problem.slots):
        slots.setdefault(root[slot.post, slot.seat], []).append(number)
    return tuple(_part(problem, numbers, key, root) for key, numbers in slots.items())


def peers(problem: Problem) -> tuple[Peers, ...]:
    """Return the groups of persons who fill the same seats and could take at least one slot."""
    wanted = {(slot.post, slot.seat) for slot in problem.slots}
    groups: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for candidate in problem.candidates:
        seats = tuple(sorted(candidate.fills & wanted))
        if seats and _free_at_all(problem, candidate):
            groups.setdefault(seats, []).append(candidate.person)
    return tuple(Peers(seats, tuple(persons)) for seats, persons in groups.items())


def carried(problem: Problem) -> dict[int, Carried]:
    """Return what everybody brings from earlier months; a newcomer brings the average of his peers."""
    found: dict[int, Carried] = {}
    for group in peers(problem):
        known = [c for p in group.persons if (c := problem.candidate[p].carried) is not None]
        average = Carried(*(sum(c.of(load) for c in known) // max(1, len(known)) for load in LOADS))
        for person in group.persons:
            own = problem.candidate[person].carried
            found[person] = average if own is None else own
    return found


def _free_at_all(problem: Problem, candidate: Candidate) -> bool:
    fixed = {one.person for one in problem.fixed}
    return candidate.person in fixed or any(
        (slot.post, slot.seat) in candidate.fills
        and slot.requires <= candidate.qualifications
        and not any(leave.overlaps(slot.during) for leave in candidate.leave)
        for slot in problem.slots
    )


def _linked(problem: Problem) -> dict[tuple[str, str], tuple[str, str]]:
    """Return, for each seat, the seat that stands for all which share somebody with it."""
    root: dict[tuple[str, str], tuple[str, str]] = {
        (slot.post, slot.seat): (slot.post, slot.seat) for slot in problem.slots
    }

    def find(seat: tuple[str, str]) -> tuple[str, str]:
        while root[seat] != seat:
            seat = root[seat]
        return seat

    for seats in _shared(problem):
        mine = [seat for seat in seats if seat in root]
        for other in mine[1:]:
            root[find(other)] = find(mine[0])
    return {seat: find(seat) for seat in root}


def _shared(problem: Problem) -> Iterator[list[tuple[str, str]]]:
    by_hand: dict[int, set[tuple[str, str]]] = {}
    for fixed in problem.fixed:
        slot = problem.slot[fixed.slot]
        by_hand.setdefault(fixed.person, set()).add((slot.post, slot.seat))
    for candidate in problem.candidates:
        yield sorted(candidate.fills | by_hand.get(candidate.person, set()))


def _part(
    problem: Problem, numbers: list[int], key: tuple[str, str], root: dict[tuple[str, str], tuple[str, str]]
) -> Part:
    slots = tuple(problem.slots[number] for number in numbers)
    ids = {slot.id for slot in slots}
    fixed = tuple(one for one in problem.fixed if one.slot in ids)
    by_hand = {one.person for one in fixed}
    mine = tuple(
        candidate
        for candidate in problem.candidates
        if candidate.person in by_hand or any(root.get(seat) == key for seat in candidate.fills)
    )
    posts = tuple(dict.fromkeys(slot.post for slot in slots))
    return Part(
        replace(
            problem,
            posts=tuple(problem.post[post] for post in posts),
            slots=slots,
            candidates=tuple(_alone(candidate, ids) for candidate in mine),
            fixed=fixed,
        ),
        posts,
    )


def _alone(candidate: Candidate, ids: set[str]) -> Candidate:
    wishes = tuple(wish for wish in candidate.wishes if wish.slot is None or wish.slot in ids)
    return candidate if wishes == candidate.wishes else replace(candidate, wishes=wishes)
