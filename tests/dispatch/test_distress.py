"""What the words of a text mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.dispatch.rules.distress import ANSWERS, answer_in, is_distress, place_in, should_tell

AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize("words", ["SOS", "sos 快", "我们被困在山上", "求救!", "mayday", "船上三人遇险"])
def test_words_that_call_for_help_are_heard(words: str) -> None:
    assert is_distress(words)


@pytest.mark.parametrize("words", ["", "平安", "水位 12.3 米", "1", "SO S", "求证一下"])
def test_other_words_raise_no_alarm(words: str) -> None:
    assert not is_distress(words)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("SOS 118.2312,28.5321", (118.2312, 28.5321)),
        ("SOS 28.5321,118.2312", (118.2312, 28.5321)),
        ("被困 E118.2312 N28.5321", (118.2312, 28.5321)),
        ("N28.5321, E118.2312 两人", (118.2312, 28.5321)),
        ("118.2312E,28.5321N", (118.2312, 28.5321)),
        ("位置 118.2312,28.5321 水深", (118.2312, 28.5321)),
        ("28.5321 99.2312", (99.2312, 28.5321)),
        ("电话 13800000001", None),
        ("118.23,28.53", None),  # two digits are a kilometre: a guess, not a place
        ("水位 12.345", None),
        ("199.2312,28.5321", None),  # no such longitude
        ("118.2312,95.5321", None),  # no such latitude
        ("", None),
    ],
)
def test_a_place_is_read_in_either_order_or_not_at_all(words: str, place: tuple[float, float] | None) -> None:
    assert place_in(words) == place


@pytest.mark.parametrize(
    ("words", "answer"),
    [("1", "acknowledge"), ("收到。", "acknowledge"), (" ok! ", "acknowledge"), ("2", "decline"),
     ("无法出动", "decline"), ("3", "depart"), ("4.", "arrive"), ("到达", "arrive"), ("完成", "finish"),
     ("9", None), ("11", None), ("收到收到", None), ("", None), ("1 桥断了", None)],
)  # fmt: skip
def test_an_answer_is_one_digit_or_one_word_alone(words: str, answer: str | None) -> None:
    assert answer_in(words) == answer


def test_no_answer_is_a_call_for_help() -> None:
    assert not any(is_distress(words) for words in ANSWERS)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text())
def test_any_text_can_be_read(words: str) -> None:
    is_distress(words)
    answer_in(words)
    if place := place_in(words):
        assert -180 <= place[0] <= 180 and -90 <= place[1] <= 90


@pytest.mark.parametrize(
    ("count", "since_s", "told"),
    [(1, 0, True), (20, 0, True), (21, 0, False), (21, 9.9, False), (21, 10, True), (5000, 10, True)],
)
def test_the_first_twenty_are_told_and_then_one_in_ten_seconds(
    count: int, since_s: float, told: bool
) -> None:
    assert should_tell(count, AT, AT + timedelta(seconds=since_s)) is told
