"""How long a login stays blocked after failures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.org.rules.throttle import FREE_FAILURES_OF_ADDRESS, LONGEST_BLOCK, blocked_for, failures_that_count

AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (10**6, 900)],
)
def test_four_slips_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour(
    failures: int, seconds: int
) -> None:
    assert blocked_for(failures) == timedelta(seconds=seconds)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9))
def test_more_failures_never_wait_less(failures: int) -> None:
    assert blocked_for(failures) <= blocked_for(failures + 1) <= LONGEST_BLOCK


@pytest.mark.parametrize(("minutes", "counted"), [(0, 7), (60, 7), (61, 0)])
def test_after_an_hour_of_peace_it_is_forgotten(minutes: int, counted: int) -> None:
    assert failures_that_count(7, AT, AT + timedelta(minutes=minutes)) == counted


def test_an_address_that_a_whole_office_shares_has_more_slips_free() -> None:
    assert blocked_for(19, FREE_FAILURES_OF_ADDRESS) == timedelta(0)
    assert blocked_for(20, FREE_FAILURES_OF_ADDRESS) == timedelta(seconds=30)
