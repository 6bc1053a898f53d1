"""One score for every roster, whoever made it, and the faults behind it by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.duty.generation.rules.outcome import Roster
from app.duty.generation.rules.problem import Around, Assignment, Fixed, Interval, Limits, Problem, Wish
from app.duty.generation.rules.quality import quality
from app.duty.generation.rules.rule import Rule
from app.duty.generation.rules.solve import solve
from app.duty.generation.rules.validate import broken, validate
from tests.duty.generation.month import (
    FIRST,
    LI,
    WANG,
    ZHAO,
    day,
    days,
    given,
    leave,
    month,
    people,
    person,
    shift,
)


def test_an_even_roster_with_its_wishes_met_has_a_hundred_points() -> None:
    problem = month(days(4), [person(WANG, wishes=(Wish("want", on=day(1)),)), person(LI)])
    told = quality(problem, given(("d1", WANG), ("d2", LI), ("d3", WANG), ("d4", LI)))
    assert (told.score, told.wishes_met_pct, told.publishable) == (100.0, 100.0, True)
    (total, nights) = told.balance
    assert (total.least, total.most, total.mean, total.spread, total.person) == (
        2,
        2,
        2.0,
        0,
        {WANG: 2, LI: 2},
    )
    assert nights.load == "nights"


def test_a_lopsided_roster_scores_less_and_a_lost_wish_costs_too() -> None:
    problem = month(days(8), [person(WANG, wishes=(Wish("want", on=day(1)),)), *people(4)[1:]])
    even = given(*((f"d{d}", 1 + (d - 1) % 4) for d in range(1, 9)))
    uneven = given(*((f"d{d}", 1 + (d - 1) % 2) for d in range(1, 9)))
    lost = given(*((f"d{d}", 1 + d % 4) for d in range(1, 9)))
    scores = [quality(problem, one).score for one in (even, uneven, lost)]
    assert scores == [100.0, 70.0, 60.0]


def test_a_gap_keeps_a_roster_from_being_published() -> None:
    told = quality(month(days(2, needed=2), people(5)), given(("d1", WANG), ("d1", LI), ("d2", ZHAO)))
    assert told.gaps == ("d2",) and not told.publishable and told.score <= 59
    assert [violation.rule for violation in told.violations] == [Rule("coverage", "d2")]


def test_an_empty_roster_has_no_points() -> None:
    assert quality(month(days(2), people(2)), []).score == 0


def test_a_limit_that_may_be_passed_costs_points_but_does_not_forbid() -> None:
    problem = month(days(5), people(2), limits=Limits(nights_hard=False))
    told = quality(problem, given(*((f"d{d}", 1 + d % 2) for d in range(1, 6))))
    assert told.publishable and {one.rule.kind for one in told.violations} == {"nights"} and told.score < 100


def test_what_is_generated_is_scored_as_it_is_published() -> None:
    problem = month(days(8), people(4))
    roster = solve(problem, seconds=10)
    assert isinstance(roster, Roster)
    assert quality(problem, roster.assignments).score == 100


PROBLEM = month(
    [*days(3), shift(4, requires=["radio"]), shift(1, needed=2, name="twin", seat="leader_in_charge")],
    [
        person(WANG, leave=(leave(3, 3),)),
        replace(person(LI), around=(Around(Interval(FIRST, FIRST.replace(hour=20))),)),
        person(ZHAO, fills=[("centre", "leader_in_charge"), ("centre", "dispatch_comms")]),
    ],
    fixed=[Fixed("d2", ZHAO)],
    limits=Limits(max_nights_in_7=1, max_per_month=2),
)


@pytest.mark.parametrize(
    ("pairs", "rule"),
    [
        ([("d3", WANG)], Rule("leave", person=WANG, leave=leave(3, 3))),
        ([("d4", WANG)], Rule("qualification", "d4")),
        ([("twin", WANG)], Rule("seat", "twin", WANG)),
        ([("d9", WANG)], Rule("seat", "d9", WANG)),
        ([("d1", 99)], Rule("seat", "d1", 99)),
        ([("d1", LI)], Rule("one_place", person=LI)),
        ([("d2", LI)], Rule("rest", person=LI)),
        ([("d1", WANG), ("d2", WANG)], Rule("continuous", person=WANG)),
        ([("d1", WANG), ("d3", WANG)], Rule("nights", person=WANG)),
        ([("d1", WANG), ("d2", WANG), ("d4", WANG)], Rule("month", person=WANG)),
        ([("twin", ZHAO), ("twin", ZHAO)], Rule("one_place", person=ZHAO)),
        ([("twin", ZHAO), ("d1", ZHAO)], Rule("one_place", person=ZHAO)),
        ([("d2", WANG)], Rule("fixed", "d2", ZHAO)),
        ([("d1", WANG), ("d1", ZHAO)], Rule("coverage", "d1")),
    ],
)
def test_every_broken_rule_of_a_roster_made_by_hand_is_named(
    pairs: list[tuple[str, int]], rule: Rule
) -> None:
    assert rule in broken(PROBLEM, given(*pairs))


def test_what_happened_before_the_month_alone_is_no_fault_of_the_roster() -> None:
    tired = replace(person(WANG), around=(Around(Interval(FIRST.replace(hour=0), FIRST)),) * 3)
    problem: Problem = month([shift(9)], [tired], limits=Limits())
    assert validate(problem, [Assignment("d9", WANG)]) == ()
