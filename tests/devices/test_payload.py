from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.adapters.payload import (
    capacity_bits,
    content_of,
    mixed_bytes,
    position_of,
    sanitise,
    segment,
    to_gbk,
)
from tests.devices.evidence import position


def test_only_what_a_screen_can_bear_is_kept() -> None:
    assert sanitise("水\x00位\x1b[31m\u202e上\u2028涨\n\t!\ud800") == "水位[31m上涨\n\t!"
    assert sanitise("全角\u3000空格") == "全角\u3000空格"


def test_what_gbk_cannot_say_becomes_a_question_mark() -> None:
    assert to_gbk("水🌊") == "水?".encode("gbk")


@pytest.mark.parametrize(
    ("raw", "coded", "encoding", "text", "digits"),
    [
        ("a4cad5b5bd", True, "mixed(A4+GBK)", "收到", ""),
        ("a4cad5b5bd", False, "mixed(A4+GBK)", "收到", ""),
        ("cad5b5bd", False, "chinese(GB2312/GBK)", "收到", ""),
        ("12345f", True, "code(BCD nibbles)", "12345", "12345"),
        ("cad5b5bd", True, "code(BCD nibbles)", "收到", "CAD5B"),
        ("3132", True, "code(BCD nibbles)", "3132 (12)", "3132"),
        ("", True, "code(BCD nibbles)", "", ""),
        ("a0ff", True, "position(A0)", "A0FF", ""),
        ("a0a1", False, "chinese(GB2312/GBK)", "牎", ""),
    ],
)
def test_content_is_told_by_its_first_byte_then_by_the_form(
    *, raw: str, coded: bool, encoding: str, text: str, digits: str
) -> None:
    content = content_of(bytes.fromhex(raw), coded=coded, bits=20)
    assert (content.encoding, content.text, content.digits) == (encoding, text, digits)


def test_a_position_report_is_read_bit_by_bit() -> None:
    found = position_of(
        position(
            h=9,
            m=30,
            s=15,
            cs=50,
            lon_d=115,
            lon_m=32,
            lon_s=39,
            lon_ds=6,
            lat_d=28,
            lat_m=3,
            sign=1,
            height=12,
            anomaly=7,
        )
    )
    assert found is not None
    assert found.fields() == {
        "time": "09:30:15.50",
        "lon": 115.5443333,
        "lat": 28.05,
        "height_m": -12,
        "height_anomaly_m": 7,
    }
    assert found.fix().altitude_m == -12.0


@pytest.mark.parametrize(
    "raw",
    [
        b"\xa0",
        position(h=24),
        position(m=60),
        position(s=60),
        position(cs=100),
        position(lon_d=181),
        position(lon_m=60),
        position(lat_s=60),
        position(lat_ds=10),
    ],
)
def test_a_position_report_with_an_impossible_value_is_none(raw: bytes) -> None:
    assert position_of(raw) is None


@pytest.mark.parametrize(
    ("level", "encrypted", "bits"),
    [
        (1, False, 110),
        (3, False, 628),
        (4, False, 848),
        (0, False, 1680),
        (4, True, 1680),
        (3, True, 580),
        (9, False, 110),
    ],
)
def test_capacity_follows_the_card_level(*, level: int, encrypted: bool, bits: int) -> None:
    assert capacity_bits(level, encrypted=encrypted) == bits


def test_mixed_content_has_77_bytes_on_a_level_3_card() -> None:
    assert [mixed_bytes(capacity_bits(level)) for level in (1, 2, 3, 4)] == [12, 50, 77, 105]


def test_a_short_text_is_one_message_without_a_mark() -> None:
    assert segment("收到" * 19, 628) == ["收到" * 19]


def test_a_long_text_is_cut_on_characters_and_marked() -> None:
    parts = segment("甲" * 80, 628)
    assert [part[:5] for part in parts] == ["(1/3)", "(2/3)", "(3/3)"]
    assert "".join(part[5:] for part in parts) == "甲" * 80


def test_ten_parts_take_a_wider_mark() -> None:
    parts = segment("甲乙丙a" * 10, 110)
    assert parts[0].startswith("(1/")
    assert len(parts) >= 10
    assert all(len(to_gbk(part)) <= 12 for part in parts)


def test_a_card_with_no_room_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        segment("甲乙丙丁", 56)


@given(text=st.text(max_size=400), level=st.integers(1, 4))
def test_segments_fit_and_lose_nothing(text: str, level: int) -> None:
    bits = capacity_bits(level)
    parts = segment(text, bits)
    assert all(len(to_gbk(part)) <= mixed_bytes(bits) for part in parts)
    bare = parts if len(parts) == 1 else [part.split(")", 1)[1] for part in parts]
    assert "".join(bare) == sanitise(text)
