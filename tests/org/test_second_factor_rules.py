"""Codes of thirty seconds: the vectors of the standard, a window, and none of them twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.org.second_factor import rules

SECRET = b"12345678901234567890"
NOW = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "eight"),
    [  # RFC 6238, appendix B, SHA-1; the last six of its eight digits
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(seconds: int, eight: str) -> None:
    step = rules.step_at(datetime.fromtimestamp(seconds, UTC))
    assert rules.code_at(SECRET, step) == eight[2:]


@pytest.mark.parametrize(("off_s", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_phone_may_be_half_a_minute_off(off_s: int, right: bool) -> None:
    code = rules.code_at(SECRET, rules.step_at(NOW + timedelta(seconds=off_s)))
    assert (rules.matching_step(SECRET, code, NOW, 0) is not None) == right


def test_a_code_counts_once_and_none_before_it_counts_again() -> None:
    here = rules.step_at(NOW)
    code = rules.code_at(SECRET, here)
    assert rules.matching_step(SECRET, code, NOW, 0) == here
    assert rules.matching_step(SECRET, code, NOW, here) is None
    assert rules.matching_step(SECRET, rules.code_at(SECRET, here - 1), NOW, here) is None
    assert rules.matching_step(SECRET, rules.code_at(SECRET, here + 1), NOW, here) == here + 1


def test_a_code_on_paper_is_used_up_however_it_is_typed() -> None:
    first, second = rules.paper_code(b"\x00\x11\x22\x33\x44"), rules.paper_code(b"\x55\x66\x77\x88\x99")
    kept = [rules.hashed(first), rules.hashed(second)]
    assert rules.without(kept, f" {first.upper().replace('-', ' ')} ") == [rules.hashed(second)]
    assert rules.without(kept, "aaaa-aaaa") is None
    assert rules.without([], first) is None


def test_digits_may_be_typed_in_full_width() -> None:
    assert rules.normal("１２3 ４5６") == "123456"


def test_the_address_for_apps_names_the_county_and_the_account() -> None:
    told = rules.uri(SECRET, "值守 990181", "liu.hai")
    assert told.startswith("otpauth://totp/%E5%80%BC%E5%AE%88%20990181%3Aliu.hai?secret=GEZDGNBVGY3TQOJQ")
    assert "digits=6" in told and "period=30" in told


@given(st.binary(min_size=20, max_size=20), st.integers(0, 1 << 40))
def test_a_code_is_always_six_digits(secret: bytes, step: int) -> None:
    code = rules.code_at(secret, step)
    assert len(code) == 6 and code.isdigit()


@given(st.text(max_size=20))
def test_whatever_is_typed_is_only_wrong(code: str) -> None:
    here = rules.step_at(NOW)
    right = {rules.code_at(SECRET, step): step for step in range(here - 1, here + 2)}
    told = rules.normal(code)
    assert rules.matching_step(SECRET, told, NOW, 0) == right.get(told)
