"""What a drawn ring must be to be an area, and which townships it touches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.org.areas.rules import Fault, fault_of, tidy, towns_of
from app.org.rules.rings import Point, crosses_itself, within

SQUARE: list[Point] = [(0, 0), (1, 0), (1, 1), (0, 1)]
VILLAGES = [("990181100201", 0.5, 0.5), ("990181200201", 0.9, 0.9), ("990181300201", 3.0, 3.0)]
WHOLE = st.integers(-9, 9).map(float)


@pytest.mark.parametrize(
    ("ring", "fault"),
    [
        (SQUARE, None),
        ([(0, 0), (1, 1), (2, 2)], "no_area"),
        ([(0, 0), (1, 1)], "no_area"),
        ([(0, 0), (2, 2), (2, 0), (0, 1)], "crosses"),
        ([(0, 0), (2, 0), (1, 0), (1, 1)], "crosses"),  # an edge runs back over another
        ([(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)], None),  # a notch is no crossing
    ],
)
def test_a_ring_is_an_area_or_says_why_not(ring: list[Point], fault: Fault | None) -> None:
    assert fault_of(ring) == fault


def test_corners_told_twice_and_a_closed_ring_are_the_same_ring() -> None:
    assert tidy([(0, 0), (0, 0), (1, 0), (1, 1), (1, 1), (0, 1), (0, 0)]) == SQUARE
    assert tidy([(0, 0)]) == [(0, 0)]


@pytest.mark.parametrize(
    ("ring", "towns"),
    [
        (SQUARE, ["990181100000", "990181200000"]),
        ([(2.9, 2.9), (2.95, 2.9), (2.95, 2.95)], ["990181300000"]),  # none inside: the nearest
        ([(20, 20), (21, 20), (21, 21)], []),
    ],
)
def test_an_area_touches_the_townships_of_its_villages(ring: list[Point], towns: list[str]) -> None:
    assert towns_of(ring, VILLAGES) == towns
    assert towns_of(ring, []) == []


@given(st.lists(st.tuples(WHOLE, WHOLE), min_size=3, max_size=9, unique=True), st.integers(0, 8))
def test_where_a_ring_begins_and_which_way_it_runs_changes_nothing(ring: list[Point], by: int) -> None:
    turned = [*ring[by % len(ring) :], *ring[: by % len(ring)]]
    assert crosses_itself(ring) == crosses_itself(turned) == crosses_itself(turned[::-1])
    points = [(str(n), x + 0.5, y + 0.25) for n, (x, y) in enumerate(ring)]
    assert within([ring], points) == within([turned[::-1]], points)
