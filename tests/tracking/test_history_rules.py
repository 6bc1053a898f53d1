"""Which days need a table and which may go: no clock, however wrong, takes anything away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tracking.history.rules import (
    AHEAD,
    FIRST_DAY,
    SHORTEST_KEEP,
    Part,
    Terms,
    ahead,
    day_of,
    expired,
    file_name,
    is_steady,
    recent,
    wanted,
)

TODAY = date(2026, 11, 28)
DAY = timedelta(days=1)
DAYS = st.dates(FIRST_DAY - 400 * DAY, date(2060, 1, 1))


def parts(*back: int, today: date = TODAY) -> list[Part]:
    return [Part.of(today - n * DAY) for n in back]


@given(DAYS)
def test_a_table_is_known_by_its_name_again(day: date) -> None:
    assert Part.named(Part.of(day).name) == Part.of(day)


def test_what_came_before_is_one_table_of_many_days_and_what_has_no_day_is_none() -> None:
    before = Part.named("track_before_20261128")
    assert before == Part("track_before_20261128", FIRST_DAY, TODAY)
    assert Part.named("track_other") is None
    assert file_name(before) == "track-before-2026-11-28.csv.gz"
    assert file_name(Part.of(TODAY), 2) == "track-2026-11-28-2.csv.gz"


def test_a_day_is_a_day_of_utc() -> None:
    beijing = timezone(timedelta(hours=8))
    assert day_of(datetime(2026, 11, 28, 7, 59, tzinfo=beijing)) == date(2026, 11, 27)
    assert day_of(datetime(2026, 11, 28, tzinfo=UTC)) == TODAY


@pytest.mark.parametrize(
    ("held", "outside", "days"),
    [
        (parts(0, -1, -2, -3), (), []),
        ((), (), [0, -1, -2, -3]),
        (parts(0, -1), (), [-2, -3]),
        (parts(0, -1, -2, -3), (20,), [20]),  # buffered by a device for three weeks
        (parts(0, -1, -2, -3, 20), (20,), []),
        (parts(0, -1, -2, -3), (-9,), []),  # a clock ahead of ours: when its day comes
        ([Part("track_before_x", FIRST_DAY, TODAY + DAY)], (20,), [-1, -2, -3]),
    ],
)
def test_days_are_made_ahead_and_for_what_lies_outside(
    held: list[Part], outside: tuple[int, ...], days: list[int]
) -> None:
    found = {TODAY - n * DAY for n in outside}
    assert wanted(TODAY, held, found) == [TODAY - n * DAY for n in days]


def test_a_clock_in_1980_makes_no_days_and_what_it_wrote_stays_outside() -> None:
    then = date(1980, 1, 6)
    assert wanted(then, [], {then}) == []
    assert then not in wanted(TODAY, [], {then})


@given(DAYS, st.sets(DAYS, max_size=8), st.sets(DAYS, max_size=8))
def test_no_day_is_made_twice_and_the_next_come_first(
    today: date, held: set[date], outside: set[date]
) -> None:
    days = wanted(today, map(Part.of, held), outside)
    assert len(days) == len(set(days)) and not set(days) & held
    assert all(FIRST_DAY <= day <= today + AHEAD * DAY for day in days)
    assert ahead(today, map(Part.of, held | set(days))) == AHEAD or today < FIRST_DAY


@given(DAYS, st.sets(DAYS), st.integers(SHORTEST_KEEP, 400))
def test_what_is_younger_than_what_is_kept_never_goes(today: date, held: set[date], keep: int) -> None:
    gone = [part.first for part in expired(map(Part.of, held), today, keep)]
    assert gone == sorted(day for day in held if (today - day).days > keep)
    assert expired(map(Part.of, held), today, 0) == []


def test_old_days_go_only_while_new_ones_come() -> None:
    held = parts(400, 3, 2, 1, 0)
    assert recent(held, TODAY) == parts(3, 2, 1)
    assert is_steady(parts(3, 1))
    assert not is_steady(parts(1))  # a clock that jumped: only since yesterday anything is heard
    assert not is_steady([])
    assert is_steady([Part("track_before_20261128", FIRST_DAY, TODAY)])


@pytest.mark.parametrize("days", [1, 30])
def test_days_that_a_device_may_still_report_are_kept(days: int) -> None:
    with pytest.raises(ValueError, match=r"31 天.*31 days"):
        Terms(days)
    assert Terms(0).keep_days == 0 and Terms(31).keep_days == 31
