"""Which unit goes: field.md §4.7 D3, D6, D7, D8, D9 as tables, and laws for any set of units."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.dispatch.recommendation.rules.candidate import Candidate
from app.dispatch.recommendation.rules.explain import explain, shortfall
from app.dispatch.recommendation.rules.rank import Ranking, Scene
from app.dispatch.recommendation.rules.travel import RoadModel, Turnout
from app.tracking.distance import distance_m
from tests.dispatch.recommendation.units import (
    NOW,
    PLAIN,
    POLICY,
    SCENE,
    advise,
    left_out,
    offered,
    standing,
    unit,
)


def words(answer: Ranking, number: int = 0, wanted: tuple[str, ...] = SCENE.wanted) -> dict[str, str]:
    return {reason.code: reason.zh for reason in explain(answer.options[number], wanted, NOW)}


def test_d3_a_committed_unit_is_not_offered_and_the_list_says_to_what() -> None:
    answer = advise(unit(1, committed_to="SJ-20250618-001"), unit(2, north_km=9))
    assert offered(answer) == [2]
    assert left_out(answer) == {1: "already_committed"}
    assert "SJ-20250618-001" in answer.left_out[0].reason.zh


def test_d4_a_unit_with_neither_position_nor_station_is_left_out() -> None:
    answer = advise(unit(1, lon=None), unit(2, lat=None))
    assert left_out(answer) == {1: "no_position", 2: "no_position"}


@pytest.mark.parametrize("policy", [replace(POLICY, rest=timedelta(minutes=60))])
def test_d6_who_came_back_ten_minutes_ago_rests_unless_nobody_else_is_left(policy: object) -> None:
    tired = unit(1, released_at=NOW - timedelta(minutes=10))
    answer = advise(tired, unit(2, north_km=30), policy=policy)  # type: ignore[arg-type]
    assert offered(answer) == [2, 1]
    assert words(answer, 1)["rest_overridden"] == "还应休整 50 分钟"
    rested = unit(1, released_at=NOW - timedelta(minutes=60))
    assert offered(advise(rested, unit(2, north_km=30), policy=policy)) == [1, 2]  # type: ignore[arg-type]


def test_d7_who_declined_this_incident_or_is_there_already_is_not_asked_again() -> None:
    answer = advise(unit(1, declined_here=True), unit(2), unit(3, here=True))
    assert left_out(answer) == {1: "declined_here", 3: "already_here"}


def test_d8_the_nearer_unit_wins_and_the_distance_is_told() -> None:
    answer = advise(unit(1, north_km=8), unit(2, north_km=2))
    assert offered(answer) == [2, 1]
    assert answer.options[0].away_m == pytest.approx(2000, rel=1e-3)
    assert words(answer)["distance"] == "距现场 2.0 公里"


def test_d8_a_radius_of_one_metre_leaves_everybody_outside() -> None:
    answer = advise(unit(1), policy=replace(POLICY, radius_m=1.0))
    assert left_out(answer) == {1: "outside_radius"}


@pytest.mark.parametrize(
    ("age", "out", "told"),
    [
        (timedelta(hours=2), True, "120"),  # D9: fix 2 h old, limit 600 s
        (timedelta(seconds=601), True, "10"),
        (timedelta(seconds=600), False, "10 分钟前的位置"),
        (timedelta(seconds=59), False, "59 秒前的位置"),
        (timedelta(seconds=-30), False, "0 秒前的位置"),  # its clock runs ahead of ours
    ],
)
def test_d9_a_unit_whose_position_is_too_old_is_not_offered(age: timedelta, out: bool, told: str) -> None:
    answer = advise(unit(1, fixed_at=NOW - age))
    if out:
        assert left_out(answer) == {1: "position_stale"}
        assert told in answer.left_out[0].reason.zh
    else:
        assert words(answer)["position_age"] == told


def test_d9_with_the_stale_ones_asked_for_it_is_offered_and_says_so() -> None:
    answer = advise(unit(1, fixed_at=NOW - timedelta(hours=2)), policy=replace(POLICY, include_stale=True))
    assert offered(answer) == [1]
    assert "stale_included" in words(answer)


@pytest.mark.parametrize(
    ("staffing", "code", "told"),
    [
        (standing(on=False), "off_duty", "不在备勤"),
        (replace(standing(0, on=False), source="named"), "nobody_named", "名单上无人"),
        (replace(standing(0, on=False), source="returned"), "nobody_on_post", "无人在岗"),
        (standing(0, on=False, elsewhere=6), "people_elsewhere", "6 名队员已随其他队伍出动"),
    ],
)
def test_off_duty_people_are_not_called_and_the_list_says_from_where_we_know(
    staffing: object, code: str, told: str
) -> None:
    """Complaint 8: https://github.com/Resgrid/Core/issues/270 (off-duty people still get paged)."""
    answer = advise(unit(1, staffing=staffing), unit(2))
    assert left_out(answer) == {1: code}
    assert told in answer.left_out[0].reason.zh


def test_the_people_on_standby_are_told_with_where_we_know_it_from() -> None:
    named = replace(standing(10), source="named", elsewhere=2)
    assert words(advise(unit(1, staffing=named)))["standby"] == "备勤名单 10 人(另 2 人已随他队出动)"
    assert words(advise(unit(1)))["standby"] == "登记备勤 6 人"


def test_a_unit_at_its_station_or_forward_deployed_says_so() -> None:
    assert "station" in words(advise(unit(1)))
    assert words(advise(unit(1, forward="阁峰镇")))["forward"] == "靠前驻防阁峰镇"


def test_what_a_unit_lacks_costs_as_much_as_fifteen_minutes_of_road() -> None:
    half = frozenset({"search_rescue"})
    near = unit(1, north_km=1, capabilities=half)
    assert offered(advise(near, unit(2, north_km=7.2))) == [2, 1]  # 6.2 km more are 12.6 minutes of road
    answer = advise(near, unit(2, north_km=9))
    assert offered(answer) == [1, 2]  # 8 km more are 16.2
    assert words(answer)["lacks_capability"] == "缺舟艇"


def test_between_equals_the_one_that_was_out_less_today_goes() -> None:
    assert offered(advise(unit(1, jobs=2), unit(2))) == [2, 1]


ROUGH = RoadModel(
    winding={"urban": 1.3, "plain": 1.25, "hill": 1.35, "mountain": 1.6},
    pace={"urban": 0.8, "plain": 1.0, "hill": 0.85, "mountain": 0.6},
    night_pace=0.8,
    night=(time(19), time(6)),
    places={"990181100": "plain", "990181107": "mountain", "990181100201": "hill"},
    turnout={"semi_pro": Turnout(600, 900)},
)


@pytest.mark.parametrize(
    ("place", "hour", "turnout_s", "drive_s"),
    [
        ("990181100000", 12, 600, 10_000 * 1.25 / (40 / 3.6)),
        ("990181100201", 12, 600, 10_000 * 1.35 / (40 * 0.85 / 3.6)),  # the longest prefix wins
        ("990181107203", 12, 600, 10_000 * 1.6 / (40 * 0.6 / 3.6)),
        ("990181107203", 2, 900, 10_000 * 1.6 / (40 * 0.6 * 0.8 / 3.6)),
        ("990181999000", 19, 900, 10_000 * 1.35 / (40 * 0.85 * 0.8 / 3.6)),  # a place nobody classified
        ("990181100000", 6, 600, 10_000 * 1.25 / (40 / 3.6)),  # six in the morning is day
    ],
)
def test_the_road_is_slower_in_the_mountains_and_at_night(
    place: str, hour: int, turnout_s: float, drive_s: float
) -> None:
    scene = replace(SCENE, region_code=place, local=SCENE.local.replace(hour=hour, minute=0, second=0))
    (option,) = advise(unit(1, north_km=10), scene=scene, roads=ROUGH).options
    assert option.turnout_s == turnout_s
    assert option.drive_s == pytest.approx(drive_s, rel=1e-3)
    assert ROUGH.fastest_s(10_000, 40) <= option.drive_s


def test_the_time_of_a_road_service_counts_before_the_model() -> None:
    answer = advise(unit(1, north_km=1), unit(2, north_km=5), routed_s={1: 3000.0})
    assert offered(answer) == [2, 1]  # the bridge is down
    assert answer.options[1].drive_s == 3000.0
    assert "routed" in words(answer, 1)


@pytest.mark.parametrize(
    ("units", "code"),
    [
        ((), "none_able"),
        ((unit(1, capabilities=frozenset({"medical"})),), "none_able"),
        ((unit(1, standby=False),), "none_free"),
        ((unit(1),), None),
    ],
)
def test_what_is_missing_altogether_is_said(units: tuple[Candidate, ...], code: str | None) -> None:
    answer = advise(*units)
    reason = shortfall(SCENE.wanted, answer.options, answer.left_out)
    assert (reason.code if reason else None) == code


def test_a_unit_of_unknown_speed_does_not_break_the_list() -> None:
    assert offered(advise(unit(1, speed_kmh=0.0), unit(2))) == [2, 1]


def test_distances_are_those_of_the_globe() -> None:
    assert distance_m(118.2, 28.5, 118.2, 28.5) == 0
    assert distance_m(0, 0, 180, 0) == pytest.approx(20_015_115, rel=1e-4)  # half way round
    assert distance_m(0, 0, 0, 1) == pytest.approx(111_195, rel=1e-4)


_ages = st.none() | st.integers(-100, 7200).map(lambda seconds: NOW - timedelta(seconds=seconds))
any_units = st.lists(
    st.builds(
        unit,
        st.integers(1, 10_000),
        north_km=st.floats(0, 80),
        capabilities=st.frozensets(st.sampled_from(("boat", "search_rescue", "medical"))),
        standby=st.booleans(),
        committed_to=st.sampled_from((None, "SJ-1")),
        lon=st.none() | st.just(118.2),
        fixed_at=_ages,
        speed_kmh=st.floats(0, 120),
        declined_here=st.booleans(),
        jobs=st.integers(0, 3),
        released_at=_ages,
    ),
    max_size=25,
    unique_by=lambda candidate: candidate.team_id,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_units, st.randoms())
def test_for_any_units_the_list_is_sound_complete_sorted_and_the_same_every_time(
    units: list[Candidate], pick: object
) -> None:
    policy = replace(POLICY, rest=timedelta(minutes=60))
    answer = advise(*units, policy=policy)
    by_id = {candidate.team_id: candidate for candidate in units}
    for option in answer.options:
        one = by_id[option.team_id]
        assert one.staffing.on_standby and one.committed_to is None and not one.declined_here
        assert one.fixed_at is None or NOW - one.fixed_at <= POLICY.position_limit
        assert one.capabilities & set(SCENE.wanted)
        assert option.turnout_s + PLAIN.fastest_s(option.away_m, one.speed_kmh) <= option.eta_s + 1e-6
    able = {c.team_id for c in units if c.capabilities & set(SCENE.wanted)}
    named = offered(answer) + list(left_out(answer))
    assert len(named) == len(set(named))
    assert set(named) == able  # everybody able is either offered or left out with a reason
    costs = [option.cost_s for option in answer.options]
    assert costs == sorted(costs)
    shuffled = list(units)
    pick.shuffle(shuffled)  # type: ignore[attr-defined]
    again = advise(*shuffled, policy=policy)
    assert again.options == answer.options
    assert sorted(left_out(again).items()) == sorted(left_out(answer).items())


def test_any_one_of_the_capabilities_is_enough_when_nobody_knows_what_it_is() -> None:
    anything = Scene(118.2, 28.5, "990181100201", SCENE.local, ("search_rescue", "first_aid"), any_of=True)
    answer = advise(unit(1, capabilities=frozenset({"first_aid"})), scene=anything)
    assert not answer.options[0].lacks
