"""A small post with a few people, to say in a test only what the test is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from app.duty.generation.rules.problem import (
    Assignment,
    Candidate,
    Carried,
    Fixed,
    Interval,
    Limits,
    Post,
    Problem,
    Slot,
    Wish,
)

CHINA = timezone(timedelta(hours=8))
FIRST = datetime(2026, 12, 1, 8, tzinfo=CHINA)
DISPATCH = ("centre", "dispatch_comms")
CENTRE = Post("centre", "应急指挥中心", "emergency centre", frozenset({"dispatch_comms", "leader_in_charge"}))
WANG, LI, ZHAO, QIAN = 1, 2, 3, 4
NAMES = {WANG: "王军", LI: "李娜", ZHAO: "赵磊", QIAN: "钱芳"}
EASY = Limits(max_nights_in_7=7)
NOTHING = Carried()


def day(number: int) -> date:
    return (FIRST + timedelta(days=number - 1)).date()


def leave(first: int, last: int) -> Interval:
    """From the beginning of one day of December to the end of another."""
    midnight = FIRST.replace(hour=0)
    return Interval(midnight + timedelta(days=first - 1), midnight + timedelta(days=last))


def shift(
    number: int,
    *,
    seat: str = "dispatch_comms",
    needed: int = 1,
    hours: int = 24,
    at: int = 0,
    night: bool = True,
    holiday: bool = False,
    requires: Iterable[str] = (),
    name: str = "",
    post: str = "centre",
) -> Slot:
    start = FIRST + timedelta(days=number - 1, hours=at)
    end = start + timedelta(hours=hours)
    return Slot(name or f"d{number}", post, seat, start, end, night, holiday, needed, frozenset(requires))


def days(last: int, *, first: int = 1, needed: int = 1) -> tuple[Slot, ...]:
    return tuple(shift(number, needed=needed) for number in range(first, last + 1))


def person(
    number: int,
    *,
    fills: Iterable[tuple[str, str]] = (DISPATCH,),
    leave: tuple[Interval, ...] = (),
    wishes: tuple[Wish, ...] = (),
    qualifications: Iterable[str] = (),
    carried: Carried | None = NOTHING,
) -> Candidate:
    return Candidate(
        number,
        NAMES.get(number, f"第{number}人"),
        frozenset(fills),
        frozenset(qualifications),
        leave,
        wishes,
        carried,
    )


def people(count: int) -> tuple[Candidate, ...]:
    return tuple(person(number) for number in range(1, count + 1))


def month(
    slots: Iterable[Slot],
    candidates: Iterable[Candidate],
    *,
    fixed: Iterable[Fixed] = (),
    limits: Limits = EASY,
    posts: tuple[Post, ...] = (CENTRE,),
) -> Problem:
    return Problem(posts, tuple(slots), tuple(candidates), tuple(fixed), limits)


def given(*pairs: tuple[str, int]) -> list[Assignment]:
    return [Assignment(slot, person) for slot, person in pairs]
