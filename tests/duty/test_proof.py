from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.duty.roster.rules.interval import Interval, subtract, union
from app.duty.roster.rules.plan import FixedShift
from app.duty.roster.rules.proof import DoubleBooking, Excess, Gap, double_bookings, excess, gaps
from tests.duty.clocks import on, span

DAY = span("2026-01-01 08:00", "2026-01-02 08:00")


def shift(person: int, start: str, end: str) -> FixedShift:
    return FixedShift(person, span(f"2026-01-{start}", f"2026-01-{end}"))


def test_a_seat_filled_from_end_to_end_has_no_gap() -> None:
    assert gaps([shift(1, "01 06:00", "01 20:00"), shift(2, "01 20:00", "02 09:00")], 1, DAY) == ()


def test_every_minute_without_enough_persons_is_a_gap_and_says_how_many_are_missing() -> None:
    shifts = [
        shift(1, "01 08:00", "01 20:00"),
        shift(2, "01 10:00", "01 20:30"),
        shift(2, "01 21:00", "02 08:00"),
    ]
    assert gaps(shifts, 2, DAY) == (
        Gap(span("2026-01-01 08:00", "2026-01-01 10:00"), 1),
        Gap(span("2026-01-01 20:00", "2026-01-01 20:30"), 1),
        Gap(span("2026-01-01 20:30", "2026-01-01 21:00"), 2),
        Gap(span("2026-01-01 21:00", "2026-01-02 08:00"), 1),
    )


def test_an_empty_seat_is_one_gap_and_a_seat_that_needs_nobody_has_none() -> None:
    assert gaps([], 6, DAY) == (Gap(DAY, 6),)
    assert gaps([], 0, DAY) == ()
    assert gaps([shift(1, "03 08:00", "04 08:00")], 1, DAY) == (Gap(DAY, 1),)


def test_a_relief_without_a_minute_between_makes_no_seam_in_a_gap() -> None:
    shifts = [shift(1, "01 08:00", "01 20:00"), shift(2, "01 20:00", "02 08:00")]
    assert gaps(shifts, 2, DAY) == (Gap(DAY, 1),)


def test_a_person_written_twice_counts_once() -> None:
    twice = [shift(1, "01 08:00", "02 08:00"), shift(1, "01 10:00", "02 12:00")]
    assert gaps(twice, 2, DAY) == (Gap(DAY, 1),)
    assert excess(twice, 1, DAY) == ()


def test_more_persons_than_needed_are_told() -> None:
    shifts = [
        shift(1, "01 08:00", "02 08:00"),
        shift(2, "01 12:00", "01 13:00"),
        shift(3, "01 12:30", "01 13:00"),
    ]
    assert excess(shifts, 1, DAY) == (
        Excess(span("2026-01-01 12:00", "2026-01-01 12:30"), 1),
        Excess(span("2026-01-01 12:30", "2026-01-01 13:00"), 2),
    )


def test_nobody_can_need_less_than_nobody() -> None:
    with pytest.raises(ValueError, match=r"不能为负.*cannot be negative"):
        gaps([], -1, DAY)


def test_a_person_in_two_seats_at_once_is_told_and_a_move_between_seats_is_not() -> None:
    seats = {
        7: [shift(1, "01 08:00", "01 20:00"), shift(2, "01 20:00", "02 08:00")],
        8: [shift(2, "01 08:00", "01 21:00"), shift(1, "01 20:00", "02 08:00")],
        9: [shift(2, "01 20:30", "01 20:45")],
    }
    assert double_bookings(seats) == (
        DoubleBooking(2, (7, 8), span("2026-01-01 20:00", "2026-01-01 21:00")),
        DoubleBooking(2, (7, 9), span("2026-01-01 20:30", "2026-01-01 20:45")),
        DoubleBooking(2, (8, 9), span("2026-01-01 20:30", "2026-01-01 20:45")),
    )


HOURS = st.integers(0, 47)
SHIFTS = st.lists(
    st.tuples(st.integers(1, 4), HOURS, st.integers(1, 20)).map(
        lambda each: FixedShift(each[0], hours(each[1], each[1] + each[2]))
    ),
    max_size=8,
)


def hours(start: int, end: int) -> Interval:
    def at(hour: int) -> str:
        return f"2026-01-{1 + hour // 24:02d} {hour % 24:02d}:00"

    return Interval(on(at(start)), on(at(end)))


@given(SHIFTS, HOURS, st.integers(1, 30))
def test_gaps_and_coverage_never_overlap_and_together_are_the_window(
    shifts: list[FixedShift], start: int, length: int
) -> None:
    window = hours(start, start + length)
    covered = tuple(
        inside
        for one in union(each.interval for each in shifts)
        if (inside := one.intersect(window)) is not None
    )
    holes = tuple(gap.interval for gap in gaps(shifts, 1, window))
    assert union(holes + covered) == (window,)
    assert subtract((window,), covered) == holes
