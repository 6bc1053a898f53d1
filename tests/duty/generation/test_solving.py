"""Every slot is filled, nobody is asked for more than he can bear, and the loads are even."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from app.duty.generation.rules import solve as solving
from app.duty.generation.rules.fairness import cost
from app.duty.generation.rules.outcome import Cancelled, Infeasible, Outcome, Progress, Roster
from app.duty.generation.rules.parts import split
from app.duty.generation.rules.problem import Around, Carried, Fixed, Interval, Limits, Post, Problem, Wish
from app.duty.generation.rules.solve import solve
from app.duty.generation.rules.validate import validate
from tests.duty.generation.county import centre
from tests.duty.generation.month import (
    CENTRE,
    DISPATCH,
    FIRST,
    LI,
    QIAN,
    WANG,
    ZHAO,
    day,
    days,
    leave,
    month,
    people,
    person,
    shift,
)

HARD_MONTH = month(
    days(31, needed=3),
    [
        replace(
            one,
            wishes=tuple(Wish("avoid", on=day(1 + (one.person * k) % 31), weight=k) for k in (3, 5, 7)),
            carried=Carried(one.person % 7, one.person % 7, one.person % 3),
            leave=(leave(one.person, one.person + 3),),
        )
        for one in people(17)
    ],
    limits=Limits(),
)

SMALL_MONTH = replace(HARD_MONTH, slots=days(14, needed=2))


def solved(problem: Problem, seconds: float = 20.0) -> Roster:
    outcome = solve(problem, seconds=seconds)
    assert isinstance(outcome, Roster), outcome
    assert validate(problem, outcome.assignments) == ()
    return outcome


def load(roster: Roster) -> Counter[int]:
    return Counter(one.person for one in roster.assignments)


def holders(roster: Roster, slot: str) -> list[int]:
    return [one.person for one in roster.assignments if one.slot == slot]


def test_every_slot_gets_exactly_who_it_needs_and_the_load_is_even() -> None:
    roster = solved(month(days(31, needed=2), people(8), limits=Limits()))
    assert sorted(load(roster).values()) == [7, 7, 8, 8, 8, 8, 8, 8]
    assert roster.gap == 0 and roster.repeatable


def test_after_a_day_and_a_night_comes_a_day_of_rest() -> None:
    roster = solved(month(days(6), people(2)))
    turns = [holders(roster, f"d{number}")[0] for number in range(1, 7)]
    assert turns in ([1, 2] * 3, [2, 1] * 3)


def test_day_and_night_that_touch_are_one_stretch_of_24_hours() -> None:
    halves = [
        shift(1, hours=12, night=False, name="day"),
        shift(1, at=12, hours=12, name="night"),
        shift(2, hours=12, night=False, name="next"),
    ]
    by_hand = [Fixed("day", WANG), Fixed("night", WANG)]
    assert holders(solved(month(halves, people(2), fixed=by_hand)), "next") == [LI]
    assert isinstance(solve(month(halves, people(1))), Infeasible)


def test_nobody_sits_in_two_posts_at_once() -> None:
    town = Post("town", "东岸镇", "East Bank", frozenset({"duty_officer"}))
    both = [DISPATCH, ("town", "duty_officer")]
    slots = [shift(1), shift(1, post="town", seat="duty_officer", name="t1")]
    roster = solved(month(slots, [person(WANG, fills=both), person(LI, fills=both)], posts=(CENTRE, town)))
    assert sorted(load(roster).values()) == [1, 1]


def test_who_is_on_leave_or_not_qualified_stays_off() -> None:
    slots = [shift(1, requires=["radio"]), shift(3, requires=["radio"])]
    crew = [
        person(WANG, qualifications=["radio"], leave=(leave(1, 1),)),
        person(LI, qualifications=["radio", "english"], leave=(leave(4, 4),)),
        person(ZHAO),
    ]
    roster = solved(month(slots, crew))
    assert (holders(roster, "d1"), holders(roster, "d3")) == ([LI], [WANG])


def test_the_shifts_before_and_after_the_month_count_for_rest_and_nights() -> None:
    eve = Around(Interval(FIRST - timedelta(days=1), FIRST))
    later = Around(Interval(FIRST + timedelta(days=1), FIRST + timedelta(days=2)))
    rested, tired = person(LI), replace(person(WANG), around=(eve,))
    assert holders(solved(month([shift(1)], [tired, rested])), "d1") == [LI]
    assert holders(solved(month([shift(1)], [replace(tired, around=(later,)), rested])), "d1") == [LI]
    week = replace(
        person(WANG),
        around=tuple(
            Around(Interval(FIRST - timedelta(days=d), FIRST - timedelta(days=d - 1))) for d in (3, 5)
        ),
    )
    assert holders(solved(month([shift(1)], [week, rested], limits=Limits())), "d1") == [LI]


def test_a_seat_fixed_by_hand_stays() -> None:
    roster = solved(month(days(4), people(4), fixed=[Fixed("d1", QIAN), Fixed("d3", QIAN)]))
    assert holders(roster, "d1") == holders(roster, "d3") == [QIAN]


def test_who_carried_more_is_given_less_and_a_newcomer_is_not_made_to_catch_up() -> None:
    crew = [
        person(WANG, carried=Carried(12, 12, 0)),
        person(LI, carried=Carried(10, 10, 0)),
        person(ZHAO, carried=Carried(8, 8, 0)),
        person(QIAN, carried=None),
    ]
    assert load(solved(month(days(12), crew))) == {WANG: 1, LI: 3, ZHAO: 5, QIAN: 3}


def test_holidays_are_shared_out_too() -> None:
    slots = [replace(slot, holiday=slot.id in ("d2", "d4", "d6", "d8")) for slot in days(8)]
    roster = solved(month(slots, people(4)))
    on_holidays = Counter(one.person for one in roster.assignments if one.slot in ("d2", "d4", "d6", "d8"))
    assert set(on_holidays.values()) == {1} and set(load(roster).values()) == {2}


def test_wishes_that_cost_nothing_are_met() -> None:
    crew = [
        person(WANG, wishes=(Wish("want", on=day(1)), Wish("avoid", slot="d4"))),
        person(LI, wishes=(Wish("avoid", on=day(2)),)),
        person(ZHAO),
        person(QIAN),
    ]
    roster = solved(month(days(4), crew))
    assert holders(roster, "d1") == [WANG] and holders(roster, "d2") != [LI]


def test_too_many_nights_are_allowed_at_a_price_where_the_limit_is_soft() -> None:
    roster = solve(month(days(7), people(3), limits=Limits(nights_hard=False)), seconds=20)
    assert isinstance(roster, Roster)
    violations = validate(month(days(7), people(3), limits=Limits(nights_hard=False)), roster.assignments)
    assert {(one.rule.kind, one.hard) for one in violations} == {("nights", False)}


def test_the_cost_is_the_one_that_the_measure_of_fairness_states() -> None:
    (part,) = split(HARD_MONTH)
    roster = solved(HARD_MONTH, 6.0)
    assert roster.objective == cost(part.problem, roster.assignments)
    assert roster.bound <= roster.objective


@pytest.mark.parametrize("quick", [0.01, 0.7])
def test_the_same_seed_gives_the_same_roster_every_time(
    quick: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solving, "QUICK", quick)  # the first leaves it to workers that take turns
    first, again = (solve(SMALL_MONTH, seconds=20, threads=threads) for threads in (1, 2))
    assert isinstance(first, Roster) and isinstance(again, Roster)
    assert first.repeatable and first.assignments == again.assignments and first.gap == 0


def test_posts_that_share_nobody_are_solved_apart_and_told_one_by_one() -> None:
    towns = tuple(Post(f"t{n}", f"镇{n}", f"town {n}", frozenset({"duty_officer"})) for n in range(5))
    slots = [
        shift(d, post=town.id, seat="duty_officer", name=f"{town.id}-{d}")
        for town in towns
        for d in range(1, 8)
    ]
    crew = [
        person(10 * number + n, fills=[(town.id, "duty_officer")])
        for number, town in enumerate(towns)
        for n in range(4)
    ]
    problem = month(slots, crew, posts=towns)
    told: list[Progress] = []
    assert len(split(problem)) == 5
    assert isinstance(solve(problem, on_progress=told.append), Roster)
    assert [one.of for one in told] == [5] * len(told)
    assert sorted({one.done for one in told}) == list(range(6)) and told[-1].improved >= 5
    assert [one.done for one in told] == sorted(one.done for one in told)


def test_a_cancelled_search_stops_within_a_second() -> None:
    began = time.monotonic()
    asked: list[float] = []

    def cancelled() -> bool:
        if time.monotonic() - began > 1.0 and not asked:
            asked.append(time.monotonic())
        return bool(asked)

    outcome: Outcome = solve(centre(), seconds=60, cancelled=cancelled)
    assert isinstance(outcome, Cancelled)
    assert time.monotonic() - asked[0] < 1.0


def test_at_the_limit_the_best_so_far_is_returned_with_the_gap() -> None:
    began = time.monotonic()
    roster = solved(centre(), 3.0)
    assert time.monotonic() - began < 5.0
    assert roster.unfilled == () and 0 < roster.gap < 1


def test_nothing_to_fill_is_a_roster_too() -> None:
    assert solved(month([], [])).assignments == ()


def test_a_service_that_generates_nothing_never_loads_the_solver() -> None:
    loaded = "app.duty.generation.job, app.duty.generation.rules.quality"
    code = f"import sys, {loaded}; print('ortools' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("where", [0, 2])
def test_a_listener_that_fails_ends_the_search_and_is_heard(where: int) -> None:
    told: list[Progress] = []

    def listen(progress: Progress) -> None:
        told.append(progress)
        if len(told) > where:
            raise RuntimeError("the screen is gone")

    with pytest.raises(RuntimeError, match="the screen is gone"):
        solve(HARD_MONTH, seconds=10, on_progress=listen)
    with pytest.raises(RuntimeError, match="nobody there"):
        solve(centre(), seconds=30, cancelled=nobody_there)


def nobody_there() -> bool:
    raise RuntimeError("nobody there")


def test_no_time_at_all_fills_nothing_and_says_so() -> None:
    roster = solve(HARD_MONTH, seconds=0)
    assert isinstance(roster, Roster)
    assert len(roster.unfilled) == 31 and roster.gap == 1 and not roster.repeatable
