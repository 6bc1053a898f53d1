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
    Limits,
    Reach,
    Rung,
    after_silence,
    first_rung,
    next_delivery_state,
    order_text,
    rung_after,
)

AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
LIMITS = Limits(answer=timedelta(minutes=3), leader_alert=timedelta(minutes=5))


def ladder(reach: Reach, limits: Limits = LIMITS) -> list[tuple[str, float]]:
    """The rungs in order, with the minutes after the dispatch."""
    rung: Rung | None = first_rung(reach, AT)
    rungs = []
    while rung is not None:
        rungs.append((rung.kind, (rung.at - AT).total_seconds() / 60))
        rung = rung_after(rung.step, reach, AT, limits)
    return rungs


@pytest.mark.parametrize(
    ("app", "device", "expected"),
    [
        (True, True, [("app", 0), ("device_text", 3), ("leader", 5)]),
        (True, False, [("app", 0), ("leader", 3)]),
        (False, True, [("device_text", 0), ("leader", 3)]),
        (False, False, [("leader", 0)]),
    ],
)
def test_each_channel_that_exists_gets_its_time_and_the_leader_comes_last(
    app: bool, device: bool, expected: list[tuple[str, float]]
) -> None:
    assert ladder(Reach(has_app=app, has_device=device)) == expected


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.booleans(), st.booleans(), st.integers(1, 600), st.integers(0, 600))
def test_every_ladder_climbs_without_repeats_and_ends_at_the_leader(
    app: bool, device: bool, answer_s: int, more_s: int
) -> None:
    limits = Limits(timedelta(seconds=answer_s), timedelta(seconds=answer_s + more_s))
    rungs = ladder(Reach(app, device), limits)
    kinds = [kind for kind, _ in rungs]
    times = [at for _, at in rungs]
    assert kinds[-1] == "leader"
    assert len(kinds) == len(set(kinds))
    assert times == sorted(times)
    assert ("app" in kinds, "device_text" in kinds) == (app, device)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from((0, 1, 2)), st.booleans(), st.booleans())
def test_from_any_rung_and_any_reach_the_next_one_is_higher(step: int, app: bool, device: bool) -> None:
    """Devices come and go between two rungs: the ladder must not fall back or stand still."""
    following = rung_after(step, Reach(app, device), AT, LIMITS)
    assert (following is None) == (step == 2)
    if following is not None:
        assert following.step > step


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
