"""When was a position true?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.tracking.rules import believable

AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "true"),
    [
        (None, timedelta(0)),
        (timedelta(minutes=-40), timedelta(minutes=-40)),  # buffered while out of reach: keeps its own time
        (timedelta(days=-30), timedelta(days=-30)),
        (timedelta(days=-31), timedelta(0)),  # a clock a month behind is broken
        (timedelta(minutes=2), timedelta(0)),  # a little ahead of ours: now
        (timedelta(minutes=3), timedelta(0)),
        (timedelta(days=4000), timedelta(0)),
    ],
)
def test_a_devices_clock_is_believed_while_it_can_be_right(said: timedelta | None, true: timedelta) -> None:
    """https://github.com/traccar/traccar-client/issues/197 (complaint 30): shown at receive time."""
    assert believable(None if said is None else AT + said, AT) == AT + true


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.none() | st.datetimes(timezones=st.just(UTC)))
def test_no_position_was_true_after_it_was_heard(said: datetime | None) -> None:
    true = believable(said, AT)
    assert AT - timedelta(days=30) <= true <= AT
