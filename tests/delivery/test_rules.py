"""The ladder of channels and the life of one message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.delivery.rules import (
    DELIVERY_STEPS,
    ENDED,
    MAX_ATTEMPTS,
    ChannelClosed,
    after_silence,
    next_delivery_state,
    order_text,
)

AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)


def test_an_order_says_what_where_and_how_to_answer() -> None:
    words = order_text("SJ-20250618-001", "樟川市东镇东岸村", "溺水", "带船")
    assert words == "【派单】SJ-20250618-001 樟川市东镇东岸村 溺水。带船 回复1收到2拒绝3出发4到场5完成"


_STATES = sorted({state for state, _ in DELIVERY_STEPS} | ENDED)
_STEPS = sorted({step for _, step in DELIVERY_STEPS})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(_STEPS), max_size=20))
def test_what_has_ended_stays_ended_whatever_comes_late(steps: list[str]) -> None:
    state = "queued"
    for step in steps:
        after = next_delivery_state(state, step)
        if state in ENDED:
            assert after is None
        state = after or state
    assert state in _STATES


def test_taken_by_the_radio_is_not_delivered() -> None:
    assert next_delivery_state("submitted", "accept") == "accepted"
    assert next_delivery_state("accepted", "deliver") == "delivered"
    assert next_delivery_state("accepted", "retry") == "queued"  # a repeater took it, the radio did not
    assert next_delivery_state("accepted", "lose") is None
    assert next_delivery_state("delivered", "deliver") is None


@pytest.mark.parametrize(
    ("attempt", "left_s", "what"),
    [
        (1, 60, "retry"),
        (MAX_ATTEMPTS - 1, 60, "retry"),
        (MAX_ATTEMPTS, 60, "fail"),
        (1, 0, "fail"),  # too old, or answered meanwhile
        (1, -60, "fail"),
    ],
)
def test_silence_is_tried_again_a_few_times_while_the_order_is_fresh(
    attempt: int, left_s: int, what: str
) -> None:
    assert after_silence(attempt, AT + timedelta(seconds=left_s), AT) == what


def test_a_message_that_has_ended_says_how() -> None:
    assert "cancelled" in ChannelClosed("cancelled").en
