from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.duty.roster.rules.interval import Interval, in_utc, subtract, union, within
from tests.duty.clocks import CHICAGO, on, span

DAY = span("2026-01-01 08:00", "2026-01-02 08:00")
MORNING, NOON, NIGHT = (
    span("2026-01-01 08:00", "2026-01-01 12:00"),
    span("2026-01-01 12:00", "2026-01-01 14:00"),
    span("2026-01-01 20:00", "2026-01-02 08:00"),
)


def test_an_interval_is_kept_in_utc_so_that_a_change_of_clocks_costs_no_hour() -> None:
    night = Interval(datetime(2017, 3, 12, 0, 0, tzinfo=CHICAGO), datetime(2017, 3, 12, 8, 0, tzinfo=CHICAGO))
    assert night.start.tzinfo is UTC
    assert (night.end - night.start).total_seconds() == 7 * 3600


def test_an_interval_needs_zones_and_a_later_end() -> None:
    for start, end in ((DAY.end, DAY.start), (DAY.start, DAY.start)):
        with pytest.raises(ValueError, match=r"须晚于.*later than the start"):
            Interval(start, end)
    with pytest.raises(ValueError, match=r"没有时区.*needs a time zone"):
        Interval(DAY.start.replace(tzinfo=None), DAY.end)
    with pytest.raises(ValueError, match="needs a time zone"):
        Interval(DAY.start, DAY.end.replace(tzinfo=None))
    with pytest.raises(ValueError, match="needs a time zone"):
        DAY.contains(DAY.start.replace(tzinfo=None))


def test_the_start_belongs_to_an_interval_and_the_end_does_not() -> None:
    assert DAY.contains(DAY.start)
    assert not DAY.contains(DAY.end)
    assert DAY.contains(DAY.start.astimezone(CHICAGO))


def test_touching_is_not_overlapping() -> None:
    assert not MORNING.overlaps(NOON)
    assert MORNING.intersect(NOON) is None
    assert DAY.overlaps(NOON)
    assert DAY.intersect(NOON) == NOON


def test_what_is_taken_leaves_the_rest() -> None:
    assert DAY.subtract(()) == (DAY,)
    assert DAY.subtract((NIGHT, MORNING, MORNING)) == (span("2026-01-01 12:00", "2026-01-01 20:00"),)
    assert NOON.subtract((NIGHT, MORNING)) == (NOON,)
    assert MORNING.subtract((DAY,)) == ()
    assert DAY.subtract((NOON,)) == (MORNING, span("2026-01-01 14:00", "2026-01-02 08:00"))
    assert subtract((NIGHT, MORNING), (NOON, NIGHT)) == (MORNING,)


def test_touching_intervals_melt_together() -> None:
    assert NOON.union((NIGHT, MORNING)) == (span("2026-01-01 08:00", "2026-01-01 14:00"), NIGHT)
    assert union((DAY, NOON)) == (DAY,)
    assert union(()) == ()


def test_the_parts_inside_a_span_are_cut_to_it() -> None:
    both = (MORNING, NIGHT)
    assert within(both, DAY) == both
    assert within(both, span("2026-01-01 11:00", "2026-01-01 21:00")) == (
        span("2026-01-01 11:00", "2026-01-01 12:00"),
        span("2026-01-01 20:00", "2026-01-01 21:00"),
    )
    assert within((), DAY) == ()
    assert within(both, NOON) == ()


def test_an_instant_told_in_a_zone_is_the_same_instant_in_utc() -> None:
    assert in_utc(datetime(2017, 3, 12, 0, 0, tzinfo=CHICAGO)) == on("2017-03-12 06:00")
