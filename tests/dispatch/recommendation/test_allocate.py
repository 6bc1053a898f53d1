"""Who goes to which incident: field.md §4.7 D1, D2; the cheapest allocation; nobody twice."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dispatch.recommendation.rules.allocate import Allocation, Demand, Held, allocate, solve
from app.dispatch.recommendation.rules.candidate import Candidate
from app.dispatch.recommendation.rules.explain import short_of
from app.dispatch.recommendation.rules.run_card import Need, Requirement
from tests.dispatch.recommendation.units import SCENE, advise, standing, unit


def demand(
    needs: tuple[Need, ...],
    *units: Candidate,
    north_km: float = 0.0,
    weight: float = 1.0,
    held: tuple[Held, ...] = (),
    any_of: bool = False,
) -> Demand:
    wants = Requirement(needs, any_of=any_of)
    scene = replace(SCENE, lat=28.5 + north_km / 111.195, wanted=wants.wanted, any_of=any_of)
    return Demand(wants, advise(*units, scene=scene).options, held, weight)


def picked(allocation: Allocation) -> list[int]:
    return sorted(pick.option.team_id for pick in allocation.picks)


def engine(team_id: int, north_km: float, *capabilities: str, people: int = 6) -> Candidate:
    return unit(
        team_id,
        north_km=north_km,
        capabilities=frozenset(capabilities or ("structural_fire",)),
        staffing=standing(people),
    )


E1, E2 = engine(1, 1), engine(2, 8)


def test_d1_two_engines_are_needed_and_two_are_there() -> None:
    (found,) = allocate([demand((Need("structural_fire", 2),), E1, E2)])
    assert picked(found) == [1, 2]
    assert all(filled.met for filled in found.filled)


def test_d2_three_are_needed_and_one_is_missing_and_the_reason_says_what_holds_the_others() -> None:
    busy = replace(engine(3, 2), committed_to="SJ-20250618-001")
    wants = (Need("structural_fire", 3),)
    (found,) = allocate([demand(wants, E1, E2, busy)])
    assert picked(found) == [1, 2]
    (filled,) = found.filled
    assert (filled.teams, filled.short_teams) == (2, 1)
    ranking = advise(E1, E2, busy, scene=replace(SCENE, wanted=("structural_fire",)))
    assert short_of(filled, ranking.left_out, (E1, E2, busy)).zh == "灭火还缺 1 支(1 支在外执行任务)"


def test_a_team_that_brings_two_things_fills_a_place_of_each() -> None:
    both = engine(1, 1, "boat", "flood_rescue")
    (found,) = allocate([demand((Need("flood_rescue"), Need("boat")), both, engine(2, 2, "boat"))])
    assert picked(found) == [1]


def test_a_missing_second_skill_is_brought_by_another_team() -> None:
    units = (engine(1, 1, "flood_rescue"), engine(2, 2, "flood_rescue"), engine(3, 9, "boat"))
    (found,) = allocate([demand((Need("flood_rescue"), Need("boat")), *units)])
    assert picked(found) == [1, 3]


def test_people_are_counted_and_a_further_team_comes_until_there_are_enough() -> None:
    units = [engine(number, number, "flood_rescue", people=8) for number in range(1, 5)]
    (found,) = allocate([demand((Need("flood_rescue", 1, 20),), *units)])
    assert picked(found) == [1, 2, 3]
    (short,) = allocate([demand((Need("flood_rescue", 1, 40),), *units)])
    assert short.filled[0].short_people == 8


def test_who_is_out_there_already_counts() -> None:
    there = (Held(frozenset({"flood_rescue"}), 12),)
    (found,) = allocate(
        [demand((Need("flood_rescue", 2, 20),), engine(1, 1, "flood_rescue", people=8), held=there)]
    )
    assert picked(found) == [1]
    assert found.filled[0].met
    (enough,) = allocate([demand((Need("flood_rescue", 1, 10),), engine(1, 1, "flood_rescue"), held=there)])
    assert picked(enough) == []


def test_nobody_knows_what_it_is_so_one_team_goes() -> None:
    units = (engine(1, 3, "search_rescue"), engine(2, 2, "first_aid"))
    (found,) = allocate([demand((Need("search_rescue"), Need("first_aid")), *units, any_of=True)])
    assert picked(found) == [2]
    assert all(filled.met for filled in found.filled)


def test_two_incidents_together_are_served_faster_than_one_after_the_other() -> None:
    """The nearest team of both goes where the other has nobody near."""
    wants = (Need("structural_fire"),)
    near_both, near_first = engine(1, 5), engine(2, -1)
    first = demand(wants, near_both, near_first, north_km=3)
    second = demand(wants, near_both, near_first, north_km=9)
    assert first.options[0].team_id == 1  # alone, each would take the same team
    assert second.options[0].team_id == 1
    found = allocate([first, second])
    assert [picked(one) for one in found] == [[2], [1]]


def test_with_one_team_the_grave_incident_is_served_and_the_other_says_what_it_lacks() -> None:
    wants = (Need("boat"),)
    boat = engine(1, 1, "boat")
    plain, grave = demand(wants, boat), demand(wants, boat, north_km=30, weight=4)
    found = allocate([plain, grave])
    assert [picked(one) for one in found] == [[], [1]]
    assert found[0].filled[0].short_teams == 1


def test_nothing_wanted_and_nobody_there_are_no_errors() -> None:
    assert allocate([]) == []
    assert picked(allocate([demand((Need("boat"),))])[0]) == []
    assert allocate([demand((Need("boat", 0, 0),), engine(1, 1, "boat"))])[0].picks == ()


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_the_solution_costs_no_more_than_any_other(rows: int, columns: int, seed: int) -> None:
    costs = np.random.default_rng(seed).integers(1, 100, (rows, columns)).astype(float)
    unfilled = np.full(rows, 200.0)
    best = solve(costs, unfilled)
    assert len({c for c in best if c is not None}) == sum(c is not None for c in best)

    def total(choice: tuple[int | None, ...]) -> float:
        return sum(200.0 if c is None else float(costs[r, c]) for r, c in enumerate(choice))

    every = itertools.product([None, *range(columns)], repeat=rows)
    legal = (c for c in every if len({x for x in c if x is not None}) == sum(x is not None for x in c))
    assert total(tuple(best)) == pytest.approx(min(map(total, legal)))


_skills = ("boat", "medical", "hazmat")
_crews = st.lists(
    st.builds(
        engine,
        st.integers(1, 500),
        st.floats(0, 60),
        st.sampled_from(_skills),
        st.sampled_from(_skills),
        people=st.integers(0, 20),
    ),
    max_size=12,
    unique_by=lambda one: one.team_id,
)
_needs = st.lists(
    st.builds(Need, st.sampled_from(_skills), st.integers(0, 3), st.integers(0, 30)),
    min_size=1,
    max_size=3,
    unique_by=lambda need: need.capability,
).map(tuple)


@settings(deadline=None, max_examples=60)
@given(_crews, st.lists(_needs, min_size=1, max_size=3))
def test_nobody_goes_twice_and_what_is_short_could_not_have_been_filled(
    crews: list[Candidate], wants: list[tuple[Need, ...]]
) -> None:
    demands = [demand(needs, *crews, north_km=5.0 * n) for n, needs in enumerate(wants)]
    found = allocate(demands)
    gone = [team for one in found for team in picked(one)]
    assert len(gone) == len(set(gone))
    idle = [one for one in crews if one.team_id not in gone]
    for one in found:
        for filled in one.filled:
            if filled.short_teams:
                assert all(filled.need.capability not in crew.capabilities for crew in idle)
