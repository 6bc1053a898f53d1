"""Milestones stand two kilometres apart along the whole road, however many stretches it is drawn in."""

from __future__ import annotations

from itertools import pairwise

from app.demo.city import generate
from app.demo.geography import county
from app.demo.milestones import FIRST_KM, milestones
from app.tracking.distance import distance_m


def test_milestones_count_along_every_numbered_road() -> None:
    stones = list(milestones(county(generate().seed).roads))
    for ref, first in FIRST_KM.items():
        of_road = [(name, at) for name, at in stones if name.startswith(f"{ref} ")]
        assert [name for name, _ in of_road] == [f"{ref} K{first + 2 * n}" for n in range(len(of_road))]
        assert len(of_road) > 10
        assert all(distance_m(*a, *b) <= 2_020 for (_, a), (_, b) in pairwise(of_road))
    assert len(dict(stones)) == len(stones)
