"""A whole county's month, as large as it gets: 44 posts, 31 days, about 500 people.

Small departments let everybody who may lead also sit at the desk: eight people cannot fill two seats apart.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain

from app.duty.generation.rules.problem import (
    Candidate,
    Carried,
    Interval,
    Limits,
    Post,
    Problem,
    Slot,
    Wish,
)
from tests.duty.generation.month import FIRST, leave

DAYS = 31
CENTRE = {"leader_in_charge": 1, "shift_lead": 1, "intake": 2, "dispatch_comms": 2, "clerk": 1}
TOWNSHIP = {"leader_in_charge": 1, "duty_officer": 2}
DEPARTMENT = {"leader_in_charge": 1, "duty_officer": 1}
LEADS = ("leader_in_charge",)
SITS = ("duty_officer",)
BOTH = ("leader_in_charge", "duty_officer")
Staff = Sequence[tuple[Sequence[str], int]]
Place = tuple[Post, list[Slot], list[Candidate]]


def centre() -> Problem:
    """Seven seats and 35 people, most of whom can do several things."""
    return _problem(_centre(random.Random(1)))


def county() -> Problem:
    """The centre, 23 townships of 12 to 15 people, 20 departments of 8 to 10."""
    chance = random.Random(1)
    places = list(_centre(chance))
    for number in range(1, 24):
        staff: Staff = ((LEADS, 5), (SITS, 7 + number % 3), (BOTH, 1 if number % 4 else 0))
        places.extend(_place(chance, f"t{number}", f"第{number}乡镇", f"township {number}", TOWNSHIP, staff))
    for number in range(1, 21):
        staff = ((BOTH, 5), (SITS, 3 + number % 3))
        places.extend(
            _place(chance, f"b{number}", f"第{number}部门", f"department {number}", DEPARTMENT, staff)
        )
    return _problem(places)


def _centre(chance: random.Random) -> Iterator[Place]:
    staff = (
        (LEADS, 6),
        (("shift_lead", "intake"), 6),
        (("intake", "dispatch_comms"), 14),
        (("intake", "dispatch_comms", "clerk"), 9),
    )
    yield from _place(chance, "centre", "应急指挥中心", "emergency centre", CENTRE, staff)


def _place(
    chance: random.Random, name: str, zh: str, en: str, seats: Mapping[str, int], staff: Staff
) -> Iterator[Place]:
    slots = [_slot(name, seat, needed, number) for number in range(DAYS) for seat, needed in seats.items()]
    kinds = [fills for fills, count in staff for _ in range(count)]
    enough = len(kinds) > 4 * sum(seats.values())  # with fewer, R20 leaves nobody to stand in
    away = _away(chance, kinds) if enough else {}
    crew = [_person(chance, f"{zh}{n + 1}号", name, fills, away.get(n)) for n, fills in enumerate(kinds)]
    yield Post(name, zh, en, frozenset(seats)), slots, crew


def _slot(post: str, seat: str, needed: int, number: int) -> Slot:
    start = FIRST + timedelta(days=number)
    return Slot(
        f"{post}-{number + 1}-{seat}",
        post,
        seat,
        start,
        start + timedelta(days=1),
        holiday=start.weekday() >= 5,
        needed=needed,
    )


def _away(chance: random.Random, kinds: Sequence[Sequence[str]]) -> dict[int, Interval]:
    """One in ten is away at any time: of each kind, one after the other, as an office plans its leave."""
    found: dict[int, Interval] = {}
    for kind in dict.fromkeys(kinds):
        them = [number for number, one in enumerate(kinds) if one == kind]
        chance.shuffle(them)
        days = round(len(them) * DAYS / 10)
        first = chance.randint(1, 5)
        for number in them:
            length = min(6, days)
            if length > 0 and first + length <= DAYS:
                found[number] = leave(first, first + length - 1)
                first, days = first + length, days - length
    return found


def _person(
    chance: random.Random, name: str, post: str, fills: Sequence[str], away: Interval | None
) -> Candidate:
    nights = chance.randint(20, 24)
    return Candidate(
        0,
        name,
        frozenset((post, seat) for seat in fills),
        leave=(away,) if away else (),
        wishes=tuple(
            Wish(
                chance.choice(("want", "avoid", "avoid")),
                on=(FIRST + timedelta(days=chance.randrange(DAYS))).date(),
                weight=chance.choice((1, 1, 2, 5)),
            )
            for _ in range(chance.choice((0, 1, 2)))
        ),
        carried=Carried(nights, nights, chance.randint(5, 8)),
    )


def _problem(places: Iterable[Place]) -> Problem:
    posts, slots, crews = zip(*places, strict=True)
    people = [replace(one, person=number) for number, one in enumerate(chain.from_iterable(crews), 1)]
    return Problem(posts, tuple(chain.from_iterable(slots)), tuple(people), limits=Limits())
