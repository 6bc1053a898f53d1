"""The code on the sealed sheet."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.duty.break_glass.rules import BYTES, LETTERS, code_of, hashed, sheet


@given(st.binary(min_size=BYTES, max_size=BYTES))
def test_a_code_is_five_groups_that_can_be_typed_in_any_way(random: bytes) -> None:
    code = code_of(random)
    assert re.fullmatch(rf"[{LETTERS}]{{5}}(-[{LETTERS}]{{5}}){{4}}", code)
    assert hashed(code) == hashed(code.lower().replace("-", " ")) == hashed(code.replace("-", ""))
    other = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert hashed(other) != hashed(code)


def test_no_letter_is_likelier_than_another_nor_taken_for_another() -> None:
    assert 256 % len(LETTERS) == 0
    assert not set("IO01") & set(LETTERS)


def test_the_sheet_says_what_happens() -> None:
    told = sheet("樟", "ABCDE", datetime(2026, 11, 28, 6, tzinfo=UTC), 4, ZoneInfo("Asia/Shanghai"))
    assert "ABCDE" in told and "2026-11-28 14:00" in told and "4 小时" in told
    assert max(map(len, told.splitlines())) <= 80
