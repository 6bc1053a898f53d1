"""Milestones (里程碑) of the fictional county's numbered roads: what a driver reads out when he calls."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Protocol

Point = tuple[float, float]
FIRST_KM = {"G990": 1204, "S99": 0}  # where a road enters the county
EVERY_KM = 2
_KM_A_DEGREE = 110.9


class Numbered(Protocol):
    """A stretch of road with its number."""

    @property
    def ref(self) -> str:
        """Number, e.g. G990; empty for none."""
        ...

    @property
    def line(self) -> Sequence[Point]:
        """Lon and lat along it."""
        ...


def milestones(roads: Iterable[Numbered]) -> Iterator[tuple[str, Point]]:
    """Yield (G990 K1206, place) every two kilometres of the roads that are counted, in their order."""
    counted = [road for road in roads if road.ref in FIRST_KM]
    for ref, stretches in groupby(counted, key=lambda road: road.ref):
        line = [point for road in stretches for point in road.line]
        gone, due = 0.0, 0
        for (lon1, lat1), (lon2, lat2) in pairwise(line):
            east = (lon2 - lon1) * math.cos(math.radians(lat1))
            length = math.hypot(east, lat2 - lat1) * _KM_A_DEGREE
            while length > 0 and due <= gone + length:
                share = (due - gone) / length
                at = (round(lon1 + (lon2 - lon1) * share, 5), round(lat1 + (lat2 - lat1) * share, 5))
                yield f"{ref} K{FIRST_KM[ref] + due}", at
                due += EVERY_KM
            gone += length
