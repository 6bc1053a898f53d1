from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.windows import WeeklyWindow, intervals, is_active
from tests.duty.clocks import CHICAGO, LORD_HOWE, SHANGHAI, on, span

UTC_ZONE = ZoneInfo("UTC")
MONDAY = frozenset({0})
WORKDAYS = frozenset(range(5))
BY_DAY = WeeklyWindow(MONDAY, time(8), time(20))
BY_NIGHT = WeeklyWindow(MONDAY, time(20), time(8))
ROUND_THE_CLOCK = WeeklyWindow(WORKDAYS, time(8), time(8))

# design/field.md 4.2, lines W1 to W6, from GoAlert's rule_test.go, UTC; 2017-07-24 is a Monday.
RULES = {
    "W1": (BY_DAY, "2017-07-24 08:00", True),
    "W2": (BY_DAY, "2017-07-24 20:00", False),
    "W3": (BY_NIGHT, "2017-07-25 07:00", True),
    "W4": (BY_NIGHT, "2017-07-25 08:00", False),
    "W5": (BY_NIGHT, "2017-07-24 09:00", False),
    "W6": (ROUND_THE_CLOCK, "2017-07-24 07:00", False),
    "W6, the last night": (ROUND_THE_CLOCK, "2017-07-29 07:59", True),
    "W6, its end": (ROUND_THE_CLOCK, "2017-07-29 08:00", False),
}


@pytest.mark.parametrize(("window", "at", "active"), RULES.values(), ids=RULES)
def test_a_weekly_rule_is_active_from_its_start_to_just_before_its_end(
    *, window: WeeklyWindow, at: str, active: bool
) -> None:
    assert is_active(window, on(at), UTC_ZONE) is active
    moment = Interval(on(at), on(at) + timedelta(minutes=1))
    assert bool(intervals(window, moment, UTC_ZONE)) is active


def test_contiguous_days_are_one_span() -> None:
    week = span("2017-07-23 00:00", "2017-08-01 00:00")
    assert intervals(ROUND_THE_CLOCK, week, UTC_ZONE) == (
        span("2017-07-24 08:00", "2017-07-29 08:00"),
        span("2017-07-31 08:00", "2017-08-01 00:00"),
    )


def test_spans_are_cut_to_what_was_asked() -> None:
    asked = span("2017-07-24 23:00", "2017-07-25 01:00")
    assert intervals(BY_NIGHT, asked, UTC_ZONE) == (asked,)
    assert intervals(BY_NIGHT, span("2017-07-26 00:00", "2017-07-31 20:00"), UTC_ZONE) == ()


@pytest.mark.parametrize(
    ("zone", "window", "day", "hours"),
    [
        (CHICAGO, WeeklyWindow(frozenset({6}), time(0), time(0)), "2017-03-12", 23),
        (CHICAGO, WeeklyWindow(frozenset({6}), time(0), time(0)), "2017-11-05", 25),
        (CHICAGO, WeeklyWindow(frozenset({6}), time(1, 30), time(2, 30)), "2017-03-12", 0.5),
        (LORD_HOWE, WeeklyWindow(frozenset({6}), time(0), time(8)), "2020-10-04", 7.5),
        (LORD_HOWE, WeeklyWindow(frozenset({6}), time(0), time(8)), "2020-04-05", 8.5),
        (SHANGHAI, WeeklyWindow(frozenset({6}), time(20), time(8)), "2026-03-08", 12),
    ],
)
def test_a_window_is_as_long_as_the_wall_makes_it(
    zone: ZoneInfo, window: WeeklyWindow, day: str, hours: float
) -> None:
    asked = Interval(on(f"{day} 00:00", zone), on(f"{day} 00:00", zone) + timedelta(days=2))
    (found,) = intervals(window, asked, zone)
    assert found.end - found.start == timedelta(hours=hours)
    assert is_active(window, found.start, zone)
    assert not is_active(window, found.end, zone)


def test_a_window_that_the_change_of_clocks_skips_is_not_there() -> None:
    window = WeeklyWindow(frozenset({6}), time(2, 10), time(2, 50))
    day = span("2017-03-12 00:00", "2017-03-13 00:00", CHICAGO)
    assert intervals(window, day, CHICAGO) == ()
    assert not is_active(window, on("2017-03-12 03:00", CHICAGO), CHICAGO)


def test_every_minute_of_a_week_is_active_exactly_when_a_span_holds_it() -> None:
    week = span("2020-03-30 00:00", "2020-04-08 00:00", LORD_HOWE)
    for window in (
        BY_DAY,
        BY_NIGHT,
        ROUND_THE_CLOCK,
        WeeklyWindow(frozenset({5, 6}), time(1, 45), time(1, 40)),
    ):
        spans = intervals(window, week, LORD_HOWE)
        at = week.start
        while at < week.end:
            assert is_active(window, at, LORD_HOWE) is any(one.contains(at) for one in spans)
            at += timedelta(minutes=15)


def test_a_window_begun_at_midnight_goes_on_while_the_wall_shows_the_day_before_again() -> None:
    st_johns = ZoneInfo("America/St_Johns")  # until 2011 its clocks went from 00:01 back to 23:01
    sunday = WeeklyWindow(frozenset({6}), time(0), time(8))
    evening_again = on("2010-11-07 03:00")
    assert f"{evening_again.astimezone(st_johns):%a %H:%M}" == "Sat 23:30"
    assert is_active(sunday, evening_again, st_johns)
    moment = Interval(evening_again, evening_again + timedelta(minutes=1))
    assert intervals(sunday, moment, st_johns) == (moment,)


def test_no_window_is_built_from_nonsense() -> None:
    with pytest.raises(ValueError, match=r"至少选择一天.*Monday"):
        WeeklyWindow(frozenset(), time(8), time(20))
    with pytest.raises(ValueError, match="choose days"):
        WeeklyWindow(frozenset({7}), time(8), time(20))
    with pytest.raises(ValueError, match=r"不带时区.*wall-clock"):
        WeeklyWindow(MONDAY, time(8, tzinfo=SHANGHAI), time(20))
