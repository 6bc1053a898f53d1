"""Where nothing fits, the rules that stand against each other are named: all of them, and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.duty.generation.rules.attempt import Switch
from app.duty.generation.rules.conflict import core_of
from app.duty.generation.rules.outcome import Cancelled, Conflict, Infeasible, Progress
from app.duty.generation.rules.problem import Around, Fixed, Interval, Limits, Post, Problem
from app.duty.generation.rules.rule import Rule, rules_of
from app.duty.generation.rules.solve import solve
from tests.duty.generation.month import (
    CENTRE,
    FIRST,
    LI,
    WANG,
    ZHAO,
    days,
    leave,
    month,
    people,
    person,
    shift,
)


def conflicts(problem: Problem) -> tuple[Conflict, ...]:
    outcome = solve(problem, seconds=20)
    assert isinstance(outcome, Infeasible), outcome
    assert all(conflict.minimal for conflict in outcome.conflicts)
    return outcome.conflicts


def test_one_qualified_and_one_on_leave_are_told_in_both_languages() -> None:
    slot = shift(3, needed=2, requires=["radio"])
    crew = [
        person(WANG, qualifications=["radio"]),
        person(LI, qualifications=["radio"], leave=(leave(1, 5),)),
        person(ZHAO),
    ]
    (conflict,) = conflicts(month([*days(2), slot], crew))
    assert [(reason.zh, reason.en) for reason in conflict.reasons] == [
        (
            "2026-12-03 夜班 应急指挥中心调度通信需要2人,可选3人:王军、李娜、赵磊",
            "2026-12-03 night emergency centre dispatch needs 2, 3 could: 王军, 李娜, 赵磊",
        ),
        (
            "2026-12-03 夜班 应急指挥中心调度通信要求具备radio,仅王军、李娜具备",
            "2026-12-03 night emergency centre dispatch requires radio, only 王军, 李娜 qualified",
        ),
        ("李娜 2026-12-01至2026-12-05休假", "李娜 is on leave 2026-12-01 to 2026-12-05"),
    ]


def test_a_person_fixed_while_on_leave_is_a_reason_and_no_crash() -> None:
    (conflict,) = conflicts(
        month(days(3), [person(WANG, leave=(leave(1, 1),)), person(LI)], fixed=[Fixed("d1", WANG)])
    )
    assert [reason.zh for reason in conflict.reasons] == [
        "王军已人工固定在 2026-12-01 夜班 应急指挥中心调度通信",
        "王军 2026-12-01至2026-12-01休假",
    ]


def test_a_person_fixed_where_he_does_not_sit_is_told() -> None:
    crew = [person(WANG, fills=[("centre", "leader_in_charge")]), person(LI)]
    (conflict,) = conflicts(month(days(1), crew, fixed=[Fixed("d1", WANG)]))
    assert conflict.rules == {Rule("fixed", "d1", WANG), Rule("seat", "d1", WANG)}


def test_more_people_fixed_than_needed_is_told() -> None:
    (conflict,) = conflicts(month(days(1), people(3), fixed=[Fixed("d1", WANG), Fixed("d1", LI)]))
    assert conflict.rules == {Rule("coverage", "d1"), Rule("fixed", "d1", WANG), Rule("fixed", "d1", LI)}


def test_a_seat_that_nobody_fills_is_told() -> None:
    (conflict,) = conflicts(month([shift(1, seat="leader_in_charge")], people(2)))
    assert [reason.en for reason in conflict.reasons] == [
        "2026-12-01 night emergency centre leader in charge needs 1, nobody fills this seat"
    ]


def test_two_people_cannot_fill_a_week_of_nights() -> None:
    (conflict,) = conflicts(month(days(31), people(3), limits=Limits()))
    assert {rule.kind for rule in conflict.rules} == {"coverage", "nights"}
    assert sum(rule.kind == "nights" for rule in conflict.rules) == 3
    assert sum(rule.kind == "coverage" for rule in conflict.rules) == 7


def test_the_month_is_too_long_for_what_each_may_be_given() -> None:
    limits = Limits(max_nights_in_7=7, max_per_month=6)
    (conflict,) = conflicts(month(days(20), people(2), limits=limits))
    assert sum(rule.kind == "coverage" for rule in conflict.rules) == 13
    assert [reason.en for reason in conflict.reasons][-1] == "李娜 has 6 duties a month at most"


def test_a_conflict_named_in_no_time_is_true_but_longer_than_it_must_be() -> None:
    problem = month(days(31), people(3), limits=Limits())
    core, minimal = core_of(problem, 0.0, Switch())
    assert not minimal and set(core) == set(rules_of(problem))


def test_who_cancels_while_conflicts_are_named_gets_no_half_answer() -> None:
    told: list[Progress] = []
    problem = month(days(31), people(3), limits=Limits())
    outcome = solve(problem, on_progress=told.append, cancelled=lambda: bool(told) and told[-1].done == 1)
    assert isinstance(outcome, Cancelled)


def test_the_last_shift_of_the_month_before_is_a_reason() -> None:
    eve = Around(Interval(FIRST - timedelta(hours=36), FIRST - timedelta(hours=12)))
    (conflict,) = conflicts(month(days(1), [replace(person(WANG), around=(eve,))]))
    assert conflict.rules == {Rule("coverage", "d1"), Rule("rest", person=WANG)}


def test_every_post_that_cannot_be_filled_is_told_at_once() -> None:
    towns = [Post(f"t{n}", f"镇{n}", f"town {n}", frozenset({"duty_officer"})) for n in range(3)]
    slots = [shift(1, post=town.id, seat="duty_officer", name=town.id, needed=2) for town in towns]
    crew = [person(number, fills=[(town.id, "duty_officer")]) for number, town in enumerate(towns, 10)]
    extra = person(50, fills=[("t1", "duty_officer")])
    found = conflicts(month(slots, [*crew, extra], posts=(CENTRE, *towns)))
    assert [conflict.posts for conflict in found] == [("t0",), ("t2",)]
