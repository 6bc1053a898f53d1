"""Why a wish was not met: the rule that forbids it, or what it would have cost, and never a guess."""

from __future__ import annotations

from dataclasses import replace

from app.duty.generation.rules.explain import explain
from app.duty.generation.rules.outcome import Roster, Unmet
from app.duty.generation.rules.problem import Carried, Fixed, Problem, Wish
from app.duty.generation.rules.rule import Rule
from app.duty.generation.rules.solve import solve
from tests.duty.generation.month import LI, WANG, ZHAO, day, days, given, leave, month, person


def told(problem: Problem) -> tuple[Unmet, ...]:
    roster = solve(problem, seconds=20)
    assert isinstance(roster, Roster)
    return explain(problem, roster, seconds=20)


def test_a_wish_against_ones_own_leave_names_the_leave() -> None:
    wang = person(WANG, wishes=(Wish("want", on=day(2)),), leave=(leave(2, 2),))
    (unmet,) = told(month(days(4), [wang, person(LI), person(ZHAO)]))
    assert unmet.because == "rule"
    assert unmet.zh == "王军希望值 2026-12-02:不能同时满足:王军 2026-12-02至2026-12-02休假"
    assert unmet.en == (
        "王军 wishes to have 2026-12-02: it cannot be kept together with: "
        "王军 is on leave 2026-12-02 to 2026-12-02"
    )


def test_a_wish_for_a_seat_of_others_says_so() -> None:
    leader = person(WANG, fills=[("centre", "leader_in_charge")], wishes=(Wish("want", slot="d1"),))
    (unmet,) = told(month(days(2), [leader, person(LI), person(ZHAO)]))
    assert unmet.zh.endswith("王军不在 2026-12-01 夜班 应急指挥中心调度通信 的可选人员中")


def test_a_wish_for_a_day_without_a_shift_says_so() -> None:
    (unmet,) = told(month(days(2), [person(WANG, wishes=(Wish("want", on=day(9)),)), person(LI)]))
    assert unmet.en.endswith("there is no shift then that this person fills")


def test_a_seat_fixed_by_hand_against_a_wish_is_the_reason() -> None:
    wang = person(WANG, wishes=(Wish("avoid", slot="d1"),))
    (unmet,) = told(month(days(3), [wang, person(LI), person(ZHAO)], fixed=[Fixed("d1", WANG)]))
    assert [reason.rule.kind for reason in unmet.reasons] == ["fixed"]


def test_where_two_must_take_turns_the_rules_that_leave_no_other_are_named() -> None:
    wang = person(WANG, wishes=(Wish("avoid", on=day(2)),))
    (unmet,) = told(month(days(2), [wang, person(LI)], fixed=[Fixed("d1", LI)]))
    assert [reason.rule for reason in unmet.reasons] == [
        Rule("coverage", "d2"),
        Rule("fixed", "d1", LI),
        Rule("continuous", person=LI),
    ]


def test_a_wish_that_would_tip_the_balance_tells_the_price() -> None:
    wang = person(WANG, wishes=(Wish("avoid", on=day(1)), Wish("avoid", on=day(2)), Wish("avoid", on=day(3))))
    problem = month(days(3), [wang, person(LI), person(ZHAO)], fixed=[Fixed("d1", LI), Fixed("d2", ZHAO)])
    (unmet,) = told(problem)
    assert (unmet.because, unmet.price) == ("cost", 37)
    assert "调度通信的值班总数最多与最少之差由0增至2(总代价增加37)" in unmet.zh
    assert "the spread of duties among dispatch grows from 0 to 2 (the total cost rises by 37)" in unmet.en


def test_of_two_wishes_of_which_one_can_be_met_the_other_is_named() -> None:
    wang = person(WANG, wishes=(Wish("avoid", on=day(1)), Wish("avoid", on=day(2))))
    (unmet,) = told(month(days(2), [wang, person(LI)]))
    assert (unmet.because, unmet.price) == ("cost", 0)
    assert "王军的意愿" in unmet.zh and unmet.zh.endswith("落空(总代价不变)")


def test_of_two_who_avoid_the_same_the_other_is_named() -> None:
    avoid = (Wish("avoid", on=day(1)),)
    heavy = (Wish("avoid", on=day(1), weight=2),)
    crew = [person(WANG, wishes=avoid), person(LI, wishes=heavy)]
    (unmet,) = told(month(days(2), crew))
    assert unmet.person == WANG
    assert "李娜的意愿“希望不值 2026-12-01”落空" in unmet.zh and unmet.price == 3


def test_a_roster_made_by_hand_is_told_what_was_free() -> None:
    problem = month(days(2), [person(WANG, wishes=(Wish("avoid", on=day(1)),)), person(LI)])
    roster = solve(problem, seconds=20)
    assert isinstance(roster, Roster)
    by_hand = replace(roster, assignments=tuple(given(("d1", WANG), ("d2", LI))))
    (unmet,) = explain(problem, by_hand, seconds=20)
    assert unmet.because == "free" and unmet.price == -3


def test_what_could_not_be_decided_in_the_time_is_not_guessed() -> None:
    wang = person(WANG, wishes=(Wish("avoid", on=day(1)), Wish("avoid", on=day(2))))
    problem = month(days(2), [wang, person(LI)])
    roster = solve(problem, seconds=20)
    assert isinstance(roster, Roster)
    (unmet,) = explain(problem, roster, seconds=0)
    assert (unmet.because, unmet.reasons) == ("unknown", ()) and "未能判定" in unmet.zh
    (unmet,) = explain(problem, roster, seconds=9, cancelled=lambda: True)
    assert unmet.because == "unknown"


def test_a_squared_load_is_told_where_neither_spread_nor_wish_gets_worse() -> None:
    crew = [
        person(WANG, carried=Carried(9, 9, 0)),
        person(LI, carried=Carried(1, 1, 0), wishes=(Wish("avoid", on=day(1)),)),
        person(ZHAO, carried=Carried(4, 4, 0)),
    ]
    (unmet,) = told(month(days(1), crew))
    assert unmet.because == "cost" and unmet.price > 0
