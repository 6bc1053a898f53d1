"""Which unit goes: field.md §4.7 D3, D4, D7, D8, D9 as tables, and laws for any set of units."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.dispatch.rules.recommend import (
    SEARCH_LIMIT,
    Candidate,
    Recommendation,
    Scene,
    rank,
    zh_capability,
)
from app.tracking.distance import distance_m

NOW = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
LIMIT = timedelta(seconds=600)
SCENE = Scene(118.2, 28.5, ("boat", "search_rescue"))


def unit(team_id: int, *, north_km: float = 1.0, **known: object) -> Candidate:
    """A free unit on standby, so far north of the scene, at its station."""
    plain = Candidate(
        team_id=team_id,
        name=f"队{team_id}",
        call_sign=f"呼{team_id}",
        capabilities=frozenset(SCENE.wanted),
        standby=True,
        committed_to=None,
        lon=118.2,
        lat=28.5 + north_km / 111.195,
        fixed_at=None,
        speed_kmh=40.0,
        standby_strength=6,
    )
    return replace(plain, **known)  # type: ignore[arg-type]


def advise(*units: Candidate, scene: Scene = SCENE) -> Recommendation:
    return rank(scene, units, NOW, LIMIT)


def offered(answer: Recommendation) -> list[int]:
    return [offer.team_id for offer in answer.offers]


def left_out(answer: Recommendation) -> dict[int, str]:
    return {item.team_id: item.reason.code for item in answer.left_out}


def test_d3_a_committed_unit_is_not_offered_and_the_list_says_to_what() -> None:
    answer = advise(unit(1, committed_to="SJ-20250618-001"), unit(2, north_km=9))
    assert offered(answer) == [2]
    assert left_out(answer) == {1: "already_committed"}
    assert "SJ-20250618-001" in answer.left_out[0].reason.zh


def test_d4_without_coordinates_of_the_scene_nothing_can_be_said() -> None:
    for lon, lat in ((None, None), (118.2, None), (None, 28.5)):
        answer = advise(unit(1), scene=Scene(lon, lat, SCENE.wanted))
        assert not answer.offers and not answer.left_out
        assert answer.shortfall is not None and answer.shortfall.code == "no_location"


def test_d4_a_unit_with_neither_position_nor_station_is_left_out() -> None:
    answer = advise(unit(1, lon=None), unit(2, lat=None))
    assert left_out(answer) == {1: "no_position", 2: "no_position"}
    assert answer.shortfall is not None and answer.shortfall.code == "none_free"


def test_d7_who_declined_this_incident_is_not_asked_again() -> None:
    assert left_out(advise(unit(1, declined_here=True), unit(2))) == {1: "declined_here"}


def test_d8_the_nearer_unit_wins_and_the_distance_is_told() -> None:
    answer = advise(unit(1, north_km=8), unit(2, north_km=2))
    assert offered(answer) == [2, 1]
    assert answer.offers[0].distance_m == pytest.approx(2000, rel=1e-3)
    assert answer.offers[0].reasons[0].zh == "距现场 2.0 公里"
    assert [offer.rank for offer in answer.offers] == [1, 2]


@pytest.mark.parametrize(
    ("age", "out", "words"),
    [
        (timedelta(hours=2), True, "120"),  # D9: fix 2 h old, limit 600 s
        (timedelta(seconds=601), True, "10"),
        (timedelta(seconds=600), False, "10 分钟前的位置"),
        (timedelta(seconds=59), False, "59 秒前的位置"),
        (timedelta(seconds=-30), False, "0 秒前的位置"),  # its clock runs ahead of ours
    ],
)
def test_d9_a_unit_whose_position_is_too_old_is_not_offered(age: timedelta, out: bool, words: str) -> None:
    answer = advise(unit(1, fixed_at=NOW - age))
    if out:
        assert left_out(answer) == {1: "position_stale"}
        assert words in answer.left_out[0].reason.zh
    else:
        assert words in [reason.zh for reason in answer.offers[0].reasons]


def test_off_duty_people_are_not_called() -> None:
    assert left_out(advise(unit(1, standby=False), unit(2))) == {1: "off_duty"}


def test_a_unit_at_its_station_says_so() -> None:
    assert "station" in [reason.code for reason in advise(unit(1)).offers[0].reasons]


def test_what_a_unit_lacks_costs_as_much_as_fifteen_minutes_of_road() -> None:
    half = frozenset({"search_rescue"})
    near = unit(1, north_km=1, capabilities=half)
    answer = advise(near, unit(2, north_km=7.2))
    assert offered(answer) == [2, 1]  # 6.2 km more are 12.6 minutes of road
    answer = advise(near, unit(2, north_km=9))
    assert offered(answer) == [1, 2]  # 8 km more are 16.2
    assert answer.offers[0].reasons[-1].zh == "缺舟艇"


@pytest.mark.parametrize(
    ("units", "code"),
    [
        ((), "none_able"),
        ((unit(1, capabilities=frozenset({"medical"})),), "none_able"),
        ((unit(1, standby=False),), "none_free"),
        ((unit(1, capabilities=frozenset({"boat"})),), "capability_short"),
        ((unit(1),), None),
        ((unit(1, capabilities=frozenset({"boat"})), unit(2)), None),
    ],
)
def test_what_is_missing_is_said(units: tuple[Candidate, ...], code: str | None) -> None:
    shortfall = advise(*units).shortfall
    assert (shortfall.code if shortfall else None) == code


def test_a_unit_behind_the_first_ten_is_named_among_those_left_out() -> None:
    plain = frozenset({"search_rescue"})
    near = [unit(number, north_km=0.1, capabilities=plain) for number in range(1, SEARCH_LIMIT + 1)]
    answer = advise(*near, unit(99, north_km=60))
    assert offered(answer) == list(range(1, SEARCH_LIMIT + 1))
    assert left_out(answer) == {99: "ranked_lower"}
    assert answer.shortfall is None  # somebody free does have a boat


def test_a_unit_of_unknown_speed_does_not_break_the_list() -> None:
    assert offered(advise(unit(1, speed_kmh=0.0), unit(2))) == [2, 1]


def test_a_capability_nobody_translated_is_shown_by_its_code() -> None:
    assert (zh_capability("boat"), zh_capability("submarine")) == ("舟艇", "submarine")


def test_distances_are_those_of_the_globe() -> None:
    assert distance_m(118.2, 28.5, 118.2, 28.5) == 0
    assert distance_m(0, 0, 180, 0) == pytest.approx(20_015_115, rel=1e-4)  # half way round
    assert distance_m(0, 0, 0, 1) == pytest.approx(111_195, rel=1e-4)


_ages = st.none() | st.integers(-100, 7200).map(lambda seconds: NOW - timedelta(seconds=seconds))
_units = st.lists(
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
    ),
    max_size=25,
    unique_by=lambda candidate: candidate.team_id,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_units, st.randoms())
def test_for_any_units_the_list_is_sound_complete_sorted_and_the_same_every_time(
    units: list[Candidate], pick: object
) -> None:
    answer = advise(*units)
    by_id = {candidate.team_id: candidate for candidate in units}
    for offer in answer.offers:
        one = by_id[offer.team_id]
        assert one.standby and one.committed_to is None and not one.declined_here
        assert one.fixed_at is None or NOW - one.fixed_at <= LIMIT
        assert one.capabilities & set(SCENE.wanted)
        assert 0 < offer.score <= 1
    able = {c.team_id for c in units if c.capabilities & set(SCENE.wanted)}
    named = offered(answer) + list(left_out(answer))
    assert len(named) == len(set(named))
    assert set(named) == able  # everybody able is either offered or left out with a reason
    assert len(answer.offers) <= SEARCH_LIMIT
    scores = [offer.score for offer in answer.offers]
    assert scores == sorted(scores, reverse=True)
    shuffled = list(units)
    pick.shuffle(shuffled)  # type: ignore[attr-defined]
    again = advise(*shuffled)
    assert again.offers == answer.offers
    assert sorted(left_out(again).items()) == sorted(left_out(answer).items())
