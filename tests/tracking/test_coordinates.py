"""GCJ-02 as others compute it; there and back is exact; outside China nothing moves."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tracking.coordinates import from_gcj02, in_china, to_gcj02
from tests.devices.evidence import Record, records

PAIRS = [record for record in records("beidou_coord") if record["protocol"] == "wgs84->gcj02"]


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    east = (one[0] - other[0]) * math.cos(math.radians(one[1]))
    return 111_320 * math.hypot(east, one[1] - other[1])


@pytest.mark.parametrize("record", PAIRS, ids=lambda record: record["source"][-20:])
def test_a_recorded_pair(record: Record) -> None:
    here = record["wgs84"]["lon"], record["wgs84"]["lat"]
    there = record["expect"]["gcj02"]["lon"], record["expect"]["gcj02"]["lat"]
    assert metres(to_gcj02(*here), there) < 0.001
    assert metres(from_gcj02(*there), here) < 0.001


@given(lon=st.floats(73.5, 135.1), lat=st.floats(18.1, 53.6))
def test_there_and_back_is_the_same_place(lon: float, lat: float) -> None:
    shifted = to_gcj02(lon, lat)
    assert 1 < metres((lon, lat), shifted) < 1500
    assert metres(from_gcj02(*shifted), (lon, lat)) < 0.001


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90))
def test_outside_china_nothing_moves(lon: float, lat: float) -> None:
    if not in_china(lon, lat):
        assert to_gcj02(lon, lat) == from_gcj02(lon, lat) == (lon, lat)
