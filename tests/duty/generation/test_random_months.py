"""What the solver claims, held against an independent checker and against every roster there could be."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings

from app.duty.generation.rules import conflict
from app.duty.generation.rules.explain import explain
from app.duty.generation.rules.fairness import cost, met, slots_of
from app.duty.generation.rules.outcome import Infeasible, Roster
from app.duty.generation.rules.parts import split
from app.duty.generation.rules.problem import Assignment, Problem
from app.duty.generation.rules.solve import solve
from app.duty.generation.rules.validate import broken, validate
from tests.duty.generation.random_month import problems, rosters

QUICKLY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def price(problem: Problem, assignments: list[Assignment]) -> int:
    return sum(
        cost(part.problem, [one for one in assignments if one.slot in part.problem.slot])
        for part in split(problem)
    )


@QUICKLY
@given(problems(most_slots=5, most_people=4))
def test_whatever_is_generated_passes_the_checker(problem: Problem) -> None:
    outcome = solve(problem, seconds=10)
    assume(isinstance(outcome, Roster))
    assert isinstance(outcome, Roster)
    assert not any(violation.hard for violation in validate(problem, outcome.assignments))


@QUICKLY
@given(problems())
def test_nothing_feasible_is_refused_and_nothing_cheaper_is_missed(problem: Problem) -> None:
    outcome = solve(problem, seconds=10)
    possible = [roster for roster in rosters(problem) if not broken(problem, roster)]
    assert isinstance(outcome, Roster) == bool(possible)
    if isinstance(outcome, Roster):
        best = min(price(problem, roster) for roster in possible)
        assert price(problem, list(outcome.assignments)) == round(outcome.objective) == best


@pytest.mark.parametrize("near", [True, False])
@QUICKLY
@given(problem=problems())
def test_a_conflict_cannot_be_kept_and_none_of_its_rules_is_idle(problem: Problem, *, near: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if not near:  # as where the conflict spans the month: only the assumptions tell
            patch.setattr(conflict, "STRETCHES", ())
            patch.setattr(conflict, "_evident", lambda problem: ())
        outcome = solve(problem, seconds=10)
    assume(isinstance(outcome, Infeasible))
    assert isinstance(outcome, Infeasible)
    breaks = [broken(problem, roster) for roster in rosters(problem)]
    for one in outcome.conflicts:
        assert one.minimal
        assert all(one.rules & broke for broke in breaks)
        for rule in one.rules:
            assert any(one.rules & broke <= {rule} for broke in breaks), rule


@QUICKLY
@given(problems())
def test_what_is_said_of_an_unmet_wish_is_true(problem: Problem) -> None:
    outcome = solve(problem, seconds=10)
    assume(isinstance(outcome, Roster) and any(candidate.wishes for candidate in problem.candidates))
    assert isinstance(outcome, Roster)
    told = explain(problem, outcome, seconds=10)
    held = slots_of(problem, outcome.assignments)
    unmet = [
        (c.person, w) for c in problem.candidates for w in c.wishes if not met(w, held.get(c.person, ()))
    ]
    assert [(one.person, one.wish) for one in told] == unmet
    possible = [roster for roster in rosters(problem) if not broken(problem, roster)]
    for one in told:
        meeting = [
            roster for roster in possible if met(one.wish, slots_of(problem, roster).get(one.person, ()))
        ]
        assert (one.because == "rule") == (not meeting)
        if meeting:
            dearer = min(price(problem, roster) for roster in meeting) - round(outcome.objective)
            assert (one.because, one.price) == ("cost", dearer)
