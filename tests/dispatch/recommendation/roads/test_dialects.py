"""What is asked of a road service, and what of its answer is believed: OSRM and Valhalla as documented."""

from __future__ import annotations

import json

import pytest

from app.dispatch.recommendation.roads.dialects import (
    Nonsense,
    durations,
    parse_address,
    question,
)

SOURCES = [(115.01, 28.31), (115.02, 28.32)]
TO = (115.0, 28.3)


def test_osrm_is_asked_for_the_durations_from_all_to_the_last() -> None:
    asked = question("osrm", SOURCES, TO)
    assert asked.method == "GET"
    assert asked.path == (
        "/table/v1/driving/115.010000,28.310000;115.020000,28.320000;115.000000,28.300000"
        "?sources=0;1&destinations=2&annotations=duration&generate_hints=false"
    )


def test_valhalla_is_asked_for_a_matrix_of_many_to_one() -> None:
    asked = question("valhalla", SOURCES, TO)
    assert (asked.method, asked.path) == ("POST", "/sources_to_targets")
    assert json.loads(asked.body) == {
        "sources": [{"lat": 28.31, "lon": 115.01}, {"lat": 28.32, "lon": 115.02}],
        "targets": [{"lat": 28.3, "lon": 115.0}],
        "costing": "auto",
    }


def test_a_place_without_a_road_has_no_time() -> None:
    osrm = {"code": "Ok", "durations": [[192.6], [None]], "sources": [], "destinations": []}
    assert durations("osrm", json.dumps(osrm).encode(), 2) == [192.6, None]
    cells = [[{"time": 193, "distance": 2.1, "from_index": 0, "to_index": 0}]]
    cells.append([{"time": None, "distance": None, "from_index": 1, "to_index": 0}])  # type: ignore[dict-item]
    told = json.dumps({"sources_to_targets": cells, "units": "kilometers"}).encode()
    assert durations("valhalla", told, 2) == [193, None]


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"<html>502</html>",
        b"[]",
        b'{"code": "NoTable"}',
        b'{"code": "NoTable", "durations": [[1], [2]]}',
        b'{"code": "Ok", "durations": [[1]]}',
        b'{"code": "Ok", "durations": [[1, 2], [3, 4]]}',
        b'{"code": "Ok", "durations": [["5"], [6]]}',
        b'{"code": "Ok", "durations": [[-1], [6]]}',
        b'{"code": "Ok", "durations": [[1e9], [6]]}',
        b'{"code": "Ok", "durations": [[1], [6]',
    ],
)
def test_nothing_but_the_table_asked_for_is_believed(told: bytes) -> None:
    with pytest.raises(Nonsense):
        durations("osrm", told, 2)


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [[{"time": 1, "from_index": 0, "to_index": 0}]],
        [[{"time": 1, "from_index": 1, "to_index": 0}], [{"time": 2, "from_index": 0, "to_index": 0}]],
        [[{"time": -1, "from_index": 0, "to_index": 0}], [{"time": 2, "from_index": 1, "to_index": 0}]],
        [[{"from_index": 0, "to_index": 0}], [{"time": 2, "from_index": 1, "to_index": 0}]],
    ],
)
def test_nothing_but_the_matrix_asked_for_is_believed(cells: object) -> None:
    with pytest.raises(Nonsense):
        durations("valhalla", json.dumps({"sources_to_targets": cells}).encode(), 2)


def test_an_address_is_a_scheme_a_host_and_perhaps_a_path() -> None:
    told = parse_address("https://roads.county.local/osrm/")
    assert (told.tls, told.host, told.port, told.path) == (True, "roads.county.local", 443, "/osrm")
    assert parse_address("http://[fd00::5]:5000").netloc == "[fd00::5]:5000"


@pytest.mark.parametrize(
    "url",
    [
        "10.1.2.3:5000",
        "file:///etc/passwd",
        "http://",
        "http://me:secret@host",
        "http://host/?a=b",
        "http://host:99999",
        "http://ho st",
        "http://host/a\r\nX: y",
    ],
)
def test_an_address_that_is_none_is_refused_and_the_secret_in_it_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=r"应形如 .* must look like") as refused:
        parse_address(url)
    assert "secret" not in str(refused.value)
