"""A terminal that writes UTC for GMT+8 is found out by several live reports, not by one or by a backlog."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.jt808.device_clock import CLOSE, ZONE, DeviceClock, offset_told

NOW = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
seconds = st.integers(-4 * 86400, 4 * 86400)


def after(delays: list[float], every_s: float = 10, clock: DeviceClock | None = None) -> DeviceClock:
    """Hear reports with these delays in seconds, one every so often."""
    clock = clock or DeviceClock()
    for number, delay in enumerate(delays):
        heard_at = NOW + timedelta(seconds=every_s * number)
        clock = clock.after(heard_at - timedelta(seconds=delay), heard_at)
    return clock


@pytest.mark.parametrize(
    ("delays", "every_s", "offset_h"),
    [
        ([28800, 28801, 28799], 10, 8),
        ([28800, 28800], 10, 0),  # two are no proof
        ([28800, 28800, 28800], 1, 0),  # nor is a backlog sent in one go
        ([28800] * 30, 1, 8),
        ([28800, 2, 28800, 28800], 10, 0),  # one right time speaks against it
        ([28800, 3600, 28800, 28800], 10, 8),  # a buffered one says nothing
        ([28800, 27000, 25200, 23400], 10, 0),  # a backlog of eight hours that melts away
        ([1, 2, 3], 10, 0),
        ([-28800, -28800, -28800], 10, 0),  # a clock ahead is another fault
        ([28800 + 240, 28800 - 240, 28800], 10, 8),
        ([28800 + 400, 28800 + 400, 28800 + 400], 10, 0),
    ],
)
def test_what_a_row_of_delays_says_of_the_clock(delays: list[float], every_s: float, offset_h: int) -> None:
    assert after(delays, every_s).offset == timedelta(hours=offset_h)


def test_a_clock_that_was_put_right_is_believed_again() -> None:
    behind = after([28800] * 3)
    assert after([0, 1], clock=behind).offset == ZONE
    assert after([0, 1, 2], clock=behind).offset == timedelta()


@given(delays=st.lists(seconds, max_size=12), every_s=st.integers(1, 600))
def test_an_offset_is_none_or_eight_hours_and_never_without_three_witnesses(
    delays: list[float], every_s: int
) -> None:
    clock = after(delays, every_s)
    assert clock.offset in (timedelta(), ZONE)
    if clock.offset:
        assert sum(offset_told(timedelta(seconds=delay)) == ZONE for delay in delays) >= 3


@given(delays=st.lists(st.integers(-299, 299), min_size=3, max_size=9))
def test_right_clocks_stay_right(delays: list[float]) -> None:
    assert after(delays) == DeviceClock()
    assert all(abs(timedelta(seconds=delay)) <= CLOSE for delay in delays)
