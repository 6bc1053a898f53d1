"""Which shelter is chosen: the bearing rule, uphill, distance, room; the alarm at 95 %."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.shelters.rules.choose import (
    Spot,
    Wish,
    bearing_deg,
    between_deg,
    choose,
    is_nearly_full,
    is_upwind,
    second,
)

SCENE = (118.2, 28.5)
angles = st.floats(0, 360)


@pytest.mark.parametrize(
    ("east", "north", "bearing"), [(0, 0.01, 0), (0.01, 0, 90), (0, -0.01, 180), (-0.01, 0, 270)]
)
def test_a_bearing_is_counted_from_north_over_east(east: float, north: float, bearing: float) -> None:
    found = bearing_deg(*SCENE, SCENE[0] + east, SCENE[1] + north)
    assert between_deg(found, bearing) < 0.1
    assert 0 <= found < 360


@pytest.mark.parametrize(
    ("bearing", "wind_from", "upwind"),
    [
        (135, 135, True),
        (75, 135, True),
        (196, 135, False),
        (315, 135, False),
        (350, 10, True),
        (61, 0, False),
    ],
)
def test_upwind_is_where_the_wind_comes_from(bearing: float, wind_from: float, upwind: bool) -> None:
    assert is_upwind(bearing, wind_from) is upwind


@given(angles, angles)
def test_what_lies_upwind_of_a_wind_lies_not_upwind_of_its_opposite(bearing: float, wind: float) -> None:
    assert not (is_upwind(bearing, wind) and is_upwind(bearing, (wind + 180) % 360))
    assert 0 <= between_deg(bearing, wind) <= 180


@pytest.mark.parametrize(
    ("present", "capacity", "full"),
    [(94, 100, False), (95, 100, True), (57, 60, True), (56, 60, False), (1, 1, True)],
)
def test_a_shelter_is_nearly_full_from_95_percent(present: int, capacity: int, full: bool) -> None:
    assert is_nearly_full(present, capacity) is full


spots = st.lists(
    st.builds(
        Spot,
        st.integers(1, 50),
        st.floats(118, 119),
        st.floats(28, 29),
        st.none() | st.floats(0, 900),
        st.integers(1, 500),
        st.integers(0, 600),
    ),
    max_size=12,
    unique_by=lambda one: one.shelter_id,
)


@given(spots, angles, st.floats(0, 900), st.integers(0, 300))
def test_every_shelter_that_is_offered_complies_and_the_nearest_comes_first(
    many: list[Spot], wind: float, above: float, room: int
) -> None:
    wish = Wish(*SCENE, wind, upwind=True, above_m=above, within_m=60_000, room=room)
    found = choose(many, wish)
    assert [one.away_m for one in found] == sorted(one.away_m for one in found)
    for one in found:
        assert one.upwind and one.away_m <= 60_000 and one.spot.room >= room
        assert one.spot.elevation_m is not None and one.spot.elevation_m > above
    assert len(choose(many, Wish(*SCENE))) == len(many)


@given(spots)
def test_the_second_shelter_has_room_and_is_another(many: list[Spot]) -> None:
    for full in many:
        other = second(full, many)
        able = [s for s in many if s is not full and not is_nearly_full(s.present, s.capacity) and s.room]
        assert (other is None) == (not able)
        assert other is None or other.spot in able


def test_without_a_wind_nothing_is_upwind() -> None:
    spot = Spot(1, 118.21, 28.5, None, 10, 0)
    assert choose([spot], Wish(*SCENE, upwind=True)) == []
    (found,) = choose([spot], Wish(*SCENE))
    assert found.upwind is None
