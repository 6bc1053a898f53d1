"""What is left of personal data for those who need it not."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import personal

MOBILE = "13812341234"


@pytest.mark.parametrize(
    ("whole", "masked"),
    [
        (MOBILE, "138****1234"),
        ("+8613812341234", "+861******1234"),
        ("0799-5550119", "079*-***0119"),
        ("5550119", "55***19"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_a_telephone_keeps_its_ends(whole: str, masked: str) -> None:
    assert personal.number(whole) == masked


@pytest.mark.parametrize(
    ("whole", "masked"), [("张三", "张*"), ("欧阳娜娜", "欧*"), ("Li Wei", "L*"), ("", ""), (" ", " ")]
)
def test_a_name_keeps_its_first_character(whole: str, masked: str) -> None:
    assert personal.name(whole) == masked


@pytest.mark.parametrize(
    ("whole", "masked"),
    [
        (f"村民来电{MOBILE}称被困", "村民来电138****1234称被困"),
        ("138-1234-1234、0799-5550119", "138-****-1234、079*-***0119"),
        ("身份证330127198001012345", "身份证330***********2345"),
        ("地区990181100201,编号2025061800000012345", "地区990181100201,编号2025061800000012345"),
        ("abc13812341234def", "abc13812341234def"),  # a hash, not a number
        ("2025-06-18T02:13:20+08:00", "2025-06-18T02:13:20+08:00"),
    ],
)
def test_a_text_loses_the_numbers_of_people_and_nothing_else(whole: str, masked: str) -> None:
    assert personal.text(whole) == masked


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ({"phone": MOBILE, "id": 7}, {"phone": "138****1234", "id": 7}),
        ({"phones": [MOBILE, "110"]}, {"phones": ["138****1234", "***"]}),
        (
            {"phones": [{"number": "5550119", "label": "office"}]},
            {"phones": [{"number": "55***19", "label": "office"}]},
        ),
        (
            {"callers": [{"name": "张三", "phone": MOBILE}]},
            {"callers": [{"name": "张*", "phone": "138****1234"}]},
        ),
        ({"household": "3", "name": "李四", "needs": ""}, {"household": "3", "name": "李*", "needs": ""}),
        ({"name": "值班员", "phone": None}, {"name": "值班员", "phone": None}),
        # A device's number names the device.
        ({"family": "jt808", "number": MOBILE}, {"family": "jt808", "number": MOBILE}),
        (
            {"device_number": MOBILE, "holder_phone": MOBILE},
            {"device_number": MOBILE, "holder_phone": "138****1234"},
        ),
        ({"number": MOBILE}, {"number": "138****1234"}),
        ({"address": MOBILE}, {"address": "138****1234"}),
    ],
)
def test_an_answer_is_masked_by_its_keys(told: Any, seen: Any) -> None:
    assert personal.veiled(told) == seen


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "callers", "note", "number", "household"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(_PLAIN, st.sampled_from(sorted(personal.NUMBERS)), st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_no_number_of_a_person_gets_through_wherever_it_stands(rest: Any, key: str, number: str) -> None:
    told = {"a": [rest, {key: number, "b": {key: [number]}}], "words": f"请回电{number}。"}
    seen = personal.veiled(told)
    assert number not in json.dumps(seen, ensure_ascii=False)
    assert _shape(seen) == _shape(told)
    found = list(personal.hidden_in(told))
    assert [value for _, value, _ in found].count(number) == 2
    for pointer, value, _ in found:
        assert _at(told, pointer) == value != _at(seen, pointer)


def _shape(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _shape(value) for key, value in told.items()}
    return [_shape(one) for one in told] if isinstance(told, list) else type(told)


def _at(told: Any, pointer: str) -> Any:
    for key in pointer.split("/")[1:]:
        told = told[int(key)] if isinstance(told, list) else told[key]
    return told


def test_a_sheet_is_masked_by_its_headers_and_only_for_who_may_not_see() -> None:
    assert personal.cell("手机", MOBILE) == MOBILE
    token = personal.HIDDEN.set(True)
    try:
        assert personal.cell("手机", "5550119") == "55***19"
        assert personal.cell("备注", f"找{MOBILE}") == "找138****1234"
        assert personal.cell("人数", 13812341234) == 13812341234
        assert re.search(r"138\*{4}1234", personal.shown(f"电话{MOBILE}"))
    finally:
        personal.HIDDEN.reset(token)
    assert personal.shown(MOBILE) == MOBILE
