"""An order fits the channel that carries it, and is tried as the channel allows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.delivery.rules import after_silence, order_text, order_text_for, pause_after_silence
from app.devices.adapters.payload import capacity_bits, segment

NUMBER, PLACE, KIND = "SJ-20250618-001", "樟川市临溪镇东岸村", "其他事故"
ANSWER = " 回复1收到2拒绝3出发4到场5完成"
LEVEL_3 = capacity_bits(3)
AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)


def test_an_order_that_fits_is_sent_as_it_is() -> None:
    assert order_text_for("beidou", NUMBER, PLACE, KIND, "速去") == order_text(NUMBER, PLACE, KIND, "速去")


def test_a_long_task_is_shortened_in_the_middle_and_the_rest_stays() -> None:
    task = "先到村口集合" + "东" * 500 + "向老周报到"
    words = order_text_for("beidou", NUMBER, PLACE, KIND, task)
    assert words.startswith(f"【派单】{NUMBER} {PLACE} {KIND}。先到村口集合")
    assert "…" in words
    assert words.endswith("向老周报到" + ANSWER)
    assert len(segment(words, LEVEL_3)) == 3


def test_a_place_is_shortened_when_a_short_task_is_not_enough() -> None:
    words = order_text_for("beidou", NUMBER, PLACE + "东" * 200, KIND, "速" * 500)
    assert words.startswith(f"【派单】{NUMBER} {PLACE}")
    assert words.endswith(f" {KIND}。…{ANSWER}")
    assert len(segment(words, LEVEL_3)) == 3


def test_a_line_carries_the_whole_order() -> None:
    assert order_text_for("jt808", NUMBER, PLACE, KIND, "速" * 500) == order_text(
        NUMBER, PLACE, KIND, "速" * 500
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200), st.text(max_size=500))
def test_no_order_takes_more_than_three_messages_of_a_card(place: str, task: str) -> None:
    words = order_text_for("beidou", NUMBER, place, KIND, task)
    assert len(segment(words, LEVEL_3)) <= 3
    assert words.endswith(ANSWER)


@pytest.mark.parametrize(("attempt", "pause_s"), [(1, 15), (2, 30), (3, 60), (4, 120), (5, 120), (99, 120)])
def test_a_terminal_out_of_reach_is_tried_ever_more_slowly(attempt: int, pause_s: int) -> None:
    assert pause_after_silence(attempt, "jt808") == timedelta(seconds=pause_s)
    assert after_silence(attempt, AT + timedelta(seconds=1), AT, "jt808") == "retry"
    assert after_silence(attempt, AT, AT, "jt808") == "fail"


def test_a_cards_tries_are_three_in_the_cards_own_pace() -> None:
    assert pause_after_silence(1, "beidou") == timedelta()
    assert after_silence(2, AT + timedelta(seconds=1), AT, "beidou") == "retry"
    assert after_silence(3, AT + timedelta(seconds=1), AT, "beidou") == "fail"
