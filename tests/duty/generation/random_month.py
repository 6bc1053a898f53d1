"""Random small problems, and every roster there could be, for what the solver claims to be held against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, combinations, product
from typing import Literal

from hypothesis import strategies as st

from app.duty.generation.rules.problem import (
    Around,
    Assignment,
    Candidate,
    Carried,
    Fixed,
    Interval,
    Limits,
    Problem,
    Slot,
    Wish,
)
from tests.duty.generation.month import CENTRE, DISPATCH, FIRST, NAMES, day, leave, month, shift

LEADER = ("centre", "leader_in_charge")


@st.composite
def slots(draw: st.DrawFn, most: int) -> list[Slot]:
    found = []
    for number in range(draw(st.integers(1, most))):
        hours, at = draw(st.sampled_from([(24, 0), (24, 0), (12, 0), (12, 12)]))
        found.append(
            shift(
                draw(st.integers(1, 4)),
                seat=draw(st.sampled_from(["dispatch_comms", "dispatch_comms", "leader_in_charge"])),
                needed=draw(st.sampled_from([1, 1, 1, 2])),
                hours=hours,
                at=at,
                night=hours == 24 or at == 12,
                holiday=draw(st.booleans()),
                requires=draw(st.sampled_from([(), (), ("radio",)])),
                name=f"s{number}",
            )
        )
    return found


@st.composite
def candidate(draw: st.DrawFn, person: int, slots: list[Slot]) -> Candidate:
    fills = draw(st.sampled_from([[DISPATCH], [DISPATCH, LEADER], [DISPATCH, LEADER], [LEADER]]))
    first = draw(st.integers(1, 4))
    back = draw(st.integers(1, 3))
    eve = Around(Interval(FIRST - timedelta(days=back), FIRST - timedelta(days=back - 1)))
    return Candidate(
        person,
        NAMES[person],
        frozenset(fills),
        frozenset(draw(st.sampled_from([[], ["radio"], ["radio"]]))),
        draw(st.sampled_from([(), (), (leave(first, first),)])),
        tuple(draw(st.lists(wish(slots), max_size=1))),
        draw(st.sampled_from([Carried(), Carried(2, 1, 1), None])),
        draw(st.sampled_from([(), (), (eve,)])),
    )


@st.composite
def wish(draw: st.DrawFn, slots: list[Slot]) -> Wish:
    kind: Literal["want", "avoid"] = draw(st.sampled_from(("want", "avoid")))
    weight = draw(st.integers(1, 5))
    if draw(st.booleans()):
        return Wish(kind, slot=draw(st.sampled_from(slots)).id, weight=weight)
    return Wish(kind, on=day(draw(st.integers(1, 4))), weight=weight)


@st.composite
def problems(draw: st.DrawFn, most_slots: int = 3, most_people: int = 3) -> Problem:
    some = draw(slots(most_slots))
    people = [draw(candidate(number, some)) for number in range(1, 1 + draw(st.integers(1, most_people)))]
    ids = st.tuples(st.sampled_from([slot.id for slot in some]), st.sampled_from([p.person for p in people]))
    limits = Limits(
        min_rest=timedelta(hours=draw(st.sampled_from([12, 24]))),
        max_nights_in_7=draw(st.integers(1, 3)),
        max_per_month=draw(st.sampled_from([None, None, 1, 2])),
        nights_hard=draw(st.sampled_from([True, True, False])),
    )
    fixed = [Fixed(*one) for one in sorted(draw(st.sets(ids, max_size=1)))]
    return month(some, people, fixed=fixed, limits=limits, posts=(CENTRE,))


def seatings(problem: Problem, slot: Slot) -> list[tuple[Assignment, ...]]:
    """Every group of people that could be put on a slot, of any size."""
    by_hand = {fixed.person for fixed in problem.fixed if fixed.slot == slot.id}
    them = [
        Assignment(slot.id, one.person)
        for one in problem.candidates
        if (slot.post, slot.seat) in one.fills or one.person in by_hand
    ]
    return list(chain.from_iterable(combinations(them, size) for size in range(len(them) + 1)))


def rosters(problem: Problem) -> Iterator[list[Assignment]]:
    """Every roster that could be written down, most of them bad."""
    for choice in product(*(seatings(problem, slot) for slot in problem.slots)):
        yield list(chain.from_iterable(choice))
