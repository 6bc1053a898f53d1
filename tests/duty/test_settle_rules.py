"""From the shifts that hold to the shifts that are wanted: the past stays, equal shifts keep their number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.resolve import ResolvedShift
from app.duty.roster.rules.settle import Held, Step, steps

MIDNIGHT = datetime(2025, 6, 1, tzinfo=UTC)
ALICE, BOB = 1, 2


def span(start: float, end: float) -> Interval:
    return Interval(MIDNIGHT + timedelta(hours=start), MIDNIGHT + timedelta(hours=end))


def wanted(person: int, start: float, end: float) -> ResolvedShift:
    return ResolvedShift(person, span(start, end), "fixed")


WINDOW = span(0, 240)


def at(hour: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hour)


CASES: dict[str, tuple[list[Held], list[ResolvedShift], float, list[Step]]] = {
    "nothing changes": ([Held(7, ALICE, span(8, 32))], [wanted(ALICE, 8, 32)], 0, []),
    "a new shift is added": ([], [wanted(ALICE, 8, 32)], 0, [Step("add", None, ALICE, span(8, 32), "fixed")]),
    "a shift that did not begin is cancelled": (
        [Held(7, ALICE, span(8, 32))],
        [],
        0,
        [Step("cancel", 7, ALICE, span(8, 32))],
    ),
    "a shift that runs ends now": (
        [Held(7, ALICE, span(8, 32))],
        [wanted(BOB, 8, 32)],
        10,
        [Step("end", 7, ALICE, span(8, 10)), Step("add", None, BOB, span(10, 32), "fixed")],
    ),
    "a shift that runs is extended": (
        [Held(7, ALICE, span(8, 32))],
        [wanted(ALICE, 8, 33)],
        10,
        [Step("extend", 7, ALICE, span(8, 33))],
    ),
    "a shift that runs and was begun late goes on": (
        [Held(7, ALICE, span(9, 32))],
        [wanted(ALICE, 8, 32)],
        10,
        [],
    ),
    "a shift that is over stays": ([Held(7, ALICE, span(8, 32))], [], 32, []),
    "nobody is on duty in hindsight": ([], [wanted(ALICE, 8, 32)], 40, []),
    "a shift that crosses the window's start is looked at whole": (
        [Held(7, ALICE, span(-16, 8))],
        [wanted(ALICE, -16, 8), wanted(BOB, 8, 32)],
        -48,
        [Step("add", None, BOB, span(8, 32), "fixed")],
    ),
    "what is replaced in part is replaced whole": (
        [Held(7, ALICE, span(236, 260))],
        [wanted(BOB, 236, 238), wanted(ALICE, 238, 244), wanted(BOB, 244, 260)],
        0,
        [
            Step("cancel", 7, ALICE, span(236, 260)),
            Step("add", None, BOB, span(236, 238), "fixed"),
            Step("add", None, ALICE, span(238, 244), "fixed"),
            Step("add", None, BOB, span(244, 260), "fixed"),
        ],
    ),
    "a shift outside the window stays": ([Held(7, ALICE, span(250, 260))], [], 0, []),
}


@pytest.mark.parametrize(("held", "targets", "now", "expected"), CASES.values(), ids=list(CASES))
def test_what_is_done_to_the_shifts_that_hold(
    held: list[Held], targets: list[ResolvedShift], now: float, expected: list[Step]
) -> None:
    assert list(steps(held, targets, WINDOW, at(now))) == expected


def apply(held: list[Held], changes: tuple[Step, ...]) -> list[tuple[int, Interval]]:
    by_id = {h.shift_id: (h.person_id, h.interval) for h in held}
    for change in changes:
        if change.kind == "cancel":
            assert change.shift_id is not None
            del by_id[change.shift_id]
        elif change.kind == "add":
            by_id[-len(by_id) - 1000] = (change.person_id, change.interval)
        else:
            assert change.shift_id is not None
            by_id[change.shift_id] = (change.person_id, change.interval)
    return list(by_id.values())


def on_duty(shifts: list[tuple[int, Interval]], instant: datetime) -> set[int]:
    return {person for person, span_ in shifts if span_.contains(instant)}


# Shifts of one seat, one after another: person and length in hours.
ROSTER = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 30)), max_size=10)


def laid_out(roster: list[tuple[int, int]]) -> list[tuple[int, Interval]]:
    found, hour = [], 0
    for person, length in roster:
        found.append((person, span(hour, hour + length)))
        hour += length
    return found


@given(ROSTER, ROSTER, st.integers(0, 200))
def test_after_the_steps_the_future_is_as_wanted_and_the_past_as_it_was(
    before: list[tuple[int, int]], after: list[tuple[int, int]], now: int
) -> None:
    held = [Held(number, person, span_) for number, (person, span_) in enumerate(laid_out(before), 1)]
    targets = [ResolvedShift(person, span_, "fixed") for person, span_ in laid_out(after)]
    result = apply(held, steps(held, targets, span(-1, 400), at(now)))
    for hour in range(301):
        instant = at(hour + 0.5)
        source = [(h.person_id, h.interval) for h in held] if hour < now else laid_out(after)
        assert on_duty(result, instant) == on_duty(source, instant), hour
