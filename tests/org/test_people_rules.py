"""The pure rules of units and people: circles, staffing, numbers, places, who is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.org.rules.numbers import labelled, labels_of, usual_label
from app.org.rules.places import by_name, nearest, path_of
from app.org.rules.responsible import Answerable, DutyKind, climb, who_to_call
from app.org.rules.staffing import Minimum, staffing
from app.org.rules.superiors import circle

STATION = Minimum(posts=6, full_time=2)
VILLAGE, TOWNSHIP, COUNTY = "990181100204", "990181100000", "990181000000"
NAMES = {
    COUNTY: "樟川市",
    TOWNSHIP: "临溪镇",
    VILLAGE: "东岸村",
    "990181200000": "洲头乡",
    "990181200201": "东岸村",
    "990181200202": "上塘村",
}


@pytest.mark.parametrize(
    ("superiors", "unit", "found"),
    [
        ({1: (), 2: (1,), 3: (2,)}, 3, []),
        ({1: (3,), 2: (1,), 3: (2,)}, 1, [1, 3, 2]),
        ({1: (1,)}, 1, [1]),
        ({1: (), 2: (1, 3), 3: (1,)}, 2, []),  # two superiors that meet above are no circle
        ({1: (), 2: (1,), 3: (2, 4), 4: (3,)}, 4, [4, 3]),  # by the business superior
        ({1: (2,), 2: (3,), 3: (2,)}, 1, []),  # somebody else's circle
    ],
)
def test_a_unit_does_not_stand_above_itself(
    superiors: dict[int, tuple[int, ...]], unit: int, found: list[int]
) -> None:
    assert circle(superiors, unit) == found


@given(st.dictionaries(st.integers(1, 8), st.lists(st.integers(1, 8), max_size=2), max_size=8))
def test_what_is_called_a_circle_leads_back_step_by_step(superiors: dict[int, list[int]]) -> None:
    for unit in superiors:
        found = circle(superiors, unit)
        for below, above in zip(found, [*found[1:], unit], strict=False):
            assert above in superiors[below]


@pytest.mark.parametrize(
    ("needed", "people", "full_time", "judged"),
    [
        (STATION, 6, 2, "enough"),
        (STATION, 5, 2, "short"),
        (STATION, 9, 1, "short"),
        (Minimum(), 0, 0, "exempt"),
    ],
)
def test_a_station_needs_six_posts_two_of_them_full_time(
    needed: Minimum, people: int, full_time: int, judged: str
) -> None:
    assert staffing(needed, people, full_time) == judged


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("13800000001", ("mobile", "13800000001")),
        ("+8613800000001", ("mobile", "+8613800000001")),
        ("0799-5550110", ("office", "0799-5550110")),
        ("手机13800000001", ("mobile", "13800000001")),
        ("办公: 0799-5550110", ("office", "0799-5550110")),
        (" 住宅 0799-5550110 ", ("home", "0799-5550110")),
        ("传呼0799-5550110", None),
        ("手机", None),
        ("12", None),
        ("0799--5550110", None),
        ("=1+1", None),
    ],
)
def test_a_telephone_is_read_as_people_write_it(word: str, meant: tuple[str, str] | None) -> None:
    assert labelled(word) == meant


def test_a_number_nobody_labelled_is_what_it_looks_like() -> None:
    assert [usual_label(n) for n in ("13800000001", "5550110", "23800000001")] == [
        "mobile",
        "office",
        "office",
    ]


def test_labels_run_beside_the_numbers_and_what_is_missing_is_the_usual() -> None:
    numbers = ("13800000001", "0799-5550110", "13800000002")
    assert labels_of(numbers, ("home", "fax")) == ["home", "office", "mobile"]
    assert labels_of(numbers[:1], ("home", "office")) == ["home"]


def test_a_place_is_found_by_code_by_path_and_by_its_name_where_that_is_plain() -> None:
    found = by_name(NAMES)
    assert found[VILLAGE] == found["樟川市临溪镇东岸村"] == found["临溪镇东岸村"] == VILLAGE
    assert found["上塘村"] == "990181200202"
    assert "东岸村" not in found  # there are two
    assert path_of(NAMES, TOWNSHIP) == "樟川市临溪镇"
    assert nearest(found, "临西镇东岸村") == "临溪镇东岸村"
    assert nearest(found, "火星") is None


def one(
    person: int | None, place: str, kind: DutyKind = "contact", order: int = 0, point: str = ""
) -> Answerable:
    return Answerable(place, kind, order, (person or 0) + 100, person, point)


def called(place: str, told: list[Answerable], point: str = "") -> list[list[int | None]]:
    return [[each.person_id for each in step.call] for step in who_to_call(place, told, point)]


def test_who_is_called_climbs_from_the_village_to_the_county() -> None:
    told = [
        one(9, COUNTY, "county_leader"),
        one(5, TOWNSHIP, "county_leader"),
        one(4, TOWNSHIP, "township_leader"),
        one(2, VILLAGE, order=1),
        one(1, VILLAGE, order=0),
        one(7, "990181100205"),  # the neighbours
    ]
    assert climb(VILLAGE) == [("village", VILLAGE), ("township", TOWNSHIP), ("county", COUNTY)]
    assert called(VILLAGE, told) == [[1, 2], [4, 5], [9]]
    assert called(TOWNSHIP, told) == [[4, 5], [9]]
    assert called(COUNTY, told) == [[9]]


def test_a_point_has_its_own_and_then_those_of_its_place() -> None:
    told = [one(3, VILLAGE, point="青石水库"), one(1, VILLAGE)]
    assert called(VILLAGE, told, "青石水库") == [[3], [1], [], []]
    assert called(VILLAGE, told) == [[1], [], []]


def test_nobody_is_called_twice_and_an_empty_office_is_told() -> None:
    told = [one(1, VILLAGE), one(1, TOWNSHIP, "township_leader"), one(None, TOWNSHIP)]
    steps = who_to_call(VILLAGE, told)
    assert [len(step.call) for step in steps] == [1, 0, 0]
    assert [len(step.vacant) for step in steps] == [0, 1, 0]
