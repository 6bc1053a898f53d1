"""A place in figures: decimal, and in degrees, minutes and seconds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tracking.degrees import asks_for_place, both, dms, filled


@pytest.mark.parametrize(
    ("lon", "lat", "said"),
    [
        (115.4414, 28.1125, "115°26′29.0″E 28°06′45.0″N"),
        (115.99999, 27.99999, "116°00′00.0″E 28°00′00.0″N"),
        (-0.5, -33.25, "0°30′00.0″W 33°15′00.0″S"),
        (0.0, 0.0, "0°00′00.0″E 0°00′00.0″N"),
    ],
)
def test_degrees_minutes_and_seconds(lon: float, lat: float, said: str) -> None:
    assert dms(lon, lat) == said


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_what_is_written_is_the_place_within_two_metres_and_a_card_can_carry_it(
    lon: float, lat: float
) -> None:
    found = re.findall(r"(\d+)°(\d\d)′(\d\d\.\d)″([EWNS])", dms(lon, lat))
    read = [
        (int(d) + int(m) / 60 + float(s) / 3600) * (-1 if letter in "WS" else 1) for d, m, s, letter in found
    ]
    assert all(int(m) < 60 and float(s) < 60 for _, m, s, _ in found)
    assert read == pytest.approx([lon, lat], abs=0.051 / 3600)
    assert both(lon, lat).encode("gbk")


def test_the_placeholder_is_filled_in_both_languages_and_nothing_else_is() -> None:
    assert filled("去{坐标}!", 115.4414, 28.1125) == "去115.44140E 28.11250N(115°26′29.0″E 28°06′45.0″N)!"
    assert asks_for_place("at {coordinates}") and not asks_for_place("坐标")
    assert filled("{time}", 1, 1) == "{time}"
