"""The coarse sector of a release, and when values speak for lifting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.org.rules.rings import crosses_itself, within
from app.response.release.rules.lifting import lacking, normal_in_row, speaks_for_lifting
from app.response.release.rules.sector import Release, advice_at, reached, ring

AT = datetime(2025, 6, 18, tzinfo=UTC)
# 0.01 degree of latitude is some 1,112 m.
NORTH, FAR_NORTH, SOUTH, EAST = (115.5, 28.005), (115.5, 28.015), (115.5, 27.995), (115.51, 28.0)


@pytest.mark.parametrize(
    ("wind", "place", "advice"),
    [
        (3.0, NORTH, "evacuate"),
        (3.0, FAR_NORTH, "shelter"),
        (3.0, SOUTH, None),
        (3.0, EAST, None),
        (0.5, SOUTH, "evacuate"),
        (0.5, EAST, "shelter"),
        (3.0, (115.5, 27.9995), "isolate"),
    ],
)
def test_downwind_is_reached_and_calm_air_reaches_all_sides(
    wind: float, place: tuple[float, float], advice: str | None
) -> None:
    leak = Release(115.5, 28.0, 180, wind, 100, 800, 2000)
    assert advice_at(leak, *place)[0] == advice


@given(st.floats(0, 359.9), st.floats(0, 20), st.floats(-0.03, 0.03), st.floats(-0.03, 0.03))
def test_the_outline_holds_what_is_reached_and_nothing_far_from_it(
    wind_from: float, wind: float, east: float, north: float
) -> None:
    leak = Release(115.5, 28.0, wind_from, wind, 200, 800, 2000)
    outline = ring(leak)
    assert not crosses_itself(outline)
    place = ("p", 115.5 + east, 28.0 + north)
    inside = bool(within([outline], [place]))
    smaller = Release(115.5, 28.0, wind_from, wind, 190, 760, 1900)
    larger = Release(115.5, 28.0, wind_from, wind, 210, 840, 2100)
    if not reached(larger, [place]):
        assert not inside
    if reached(smaller, [place]) and reached(smaller, [place])[0].away_m < 190:
        assert inside


def test_two_normal_readings_in_a_row_at_every_point_speak_for_lifting() -> None:
    def told(*values: float) -> list[tuple[datetime, float]]:
        return [(AT + timedelta(minutes=n), value) for n, value in enumerate(values)]

    assert normal_in_row(told(30, 20, 8), 25) == 2
    assert normal_in_row(told(20, 8, 30), 25) == 0
    assert normal_in_row([], 25) == 0
    assert speaks_for_lifting({("a", "x"): 2, ("b", "x"): 3})
    assert not speaks_for_lifting({("a", "x"): 2, ("b", "x"): 1})
    assert not speaks_for_lifting({})
    assert lacking({"甲": "signed", "乙": "objected", "丙": None}) == ["乙", "丙"]
