"""When a device falls due for its test, how it stands, and in which minute of the night it is asked."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.testing.rules import (
    ASKED_WHILE_HEARD,
    PLANS,
    LastTest,
    Night,
    due_at,
    judge,
    night_begun,
    night_of,
    slot,
    wanted,
)

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = Night(time(1), time(5), ZONE)
NOW = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)  # 02:13:20 in the county
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
kinds = st.sampled_from([*PLANS, "vehicle_terminal", "other"])
instants = st.integers(0, 2 * 365 * 24 * 3600).map(lambda s: NOW + timedelta(seconds=s))


def last(kind: str, ago: timedelta | None, passed: bool | None = True, **more: bool) -> LastTest:
    at = None if ago is None else NOW - ago
    return LastTest(kind, more.pop("active", True), at, passed if at else None, **more)


@pytest.mark.parametrize(
    ("stands", "word"),
    [
        (last("satellite_phone", None), "untested"),
        (last("satellite_phone", 6 * DAY), "ok"),
        (last("satellite_phone", 7 * DAY), "due"),
        (last("satellite_phone", 8 * DAY - HOUR), "due"),
        (last("satellite_phone", 8 * DAY), "overdue"),
        (last("beidou_terminal", 8 * DAY), "overdue"),
        (last("radio_370", 23 * HOUR), "ok"),
        (last("radio_370", 25 * HOUR), "due"),
        (last("radio_370", 36 * HOUR), "overdue"),
        (last("conference_room", 37 * HOUR), "overdue"),
        (last("uav", 29 * DAY), "ok"),
        (last("uav", 34 * DAY), "overdue"),
        (last("broadcast_terminal", 8 * DAY), "overdue"),
        (last("repeater", 31 * DAY), "due"),
        (last("radio_370", HOUR, passed=False), "failed"),
        (last("radio_370", 90 * DAY, passed=False), "failed"),
        (last("radio_370", HOUR, passed=False, open=True), "running"),
        (last("radio_370", None, open=True), "running"),
        (last("radio_370", HOUR, passed=False, active=False), "exempt"),
        (last("vehicle_terminal", None), "exempt"),
        (last("vehicle_terminal", 90 * DAY), "exempt"),
        (last("vehicle_terminal", HOUR, passed=False), "failed"),
    ],
)
def test_overdue_is_amber_and_failed_is_red(stands: LastTest, word: str) -> None:
    assert judge(stands, NOW) == word


@given(kinds, st.timedeltas(timedelta(), 100 * DAY), st.timedeltas(timedelta(), 100 * DAY))
def test_time_alone_makes_no_test_fresher(kind: str, ago: timedelta, later: timedelta) -> None:
    order = ("ok", "due", "overdue")
    first, then = (judge(last(kind, ago), NOW + wait) for wait in (timedelta(), later))
    if kind in PLANS:
        assert order.index(then) >= order.index(first)
    else:
        assert first == then == "exempt"


def test_a_kind_without_a_plan_never_falls_due() -> None:
    assert due_at("vehicle_terminal", NOW) is None
    assert due_at("radio_370", None) is None
    assert due_at("radio_370", NOW) == NOW + DAY


@pytest.mark.parametrize(
    ("words", "hours"), [("01:00-05:00", 4), ("22:30 - 01:00", 2.5), ("00:00-00:00", 24)]
)
def test_the_hours_of_the_night_are_read_from_the_settings(words: str, hours: float) -> None:
    assert night_of(words, ZONE).length == hours * HOUR


@pytest.mark.parametrize("words", ["", "1-5", "01:00", "25:00-26:00", "01:00~05:00"])
def test_hours_that_cannot_be_read_are_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        night_of(words, ZONE)


@given(instants, st.sampled_from(["01:00-05:00", "22:30-03:00", "00:00-00:00"]))
def test_the_night_we_are_in_began_before_now_and_is_not_over(now: datetime, words: str) -> None:
    night = night_of(words, ZONE)
    begun = night_begun(night, now)
    if begun is not None:
        assert begun <= now < begun + night.length
        assert begun.astimezone(ZONE).time() == night.begins
    else:
        assert not night.begins <= now.astimezone(ZONE).time() < night.ends


@given(st.integers(1, 10**9))
def test_every_device_has_its_own_minute_of_the_night(device_id: int) -> None:
    begun = night_begun(NIGHT, NOW)
    assert begun is not None
    mine = slot(device_id, NIGHT, begun)
    assert begun <= mine < begun + NIGHT.length
    assert slot(device_id, NIGHT, begun + DAY) - mine == DAY


def test_a_hundred_radios_are_spread_over_the_night() -> None:
    begun = night_begun(NIGHT, NOW)
    assert begun is not None
    hours = [int((slot(n, NIGHT, begun) - begun) / HOUR) for n in range(1, 127)]
    assert all(20 <= hours.count(hour) <= 45 for hour in range(4))


@given(kinds, st.integers(1, 1000), st.timedeltas(timedelta(), 60 * DAY), instants)
def test_nothing_is_tested_by_itself_in_the_daytime_twice_a_night_or_without_a_plan(
    kind: str, device_id: int, ago: timedelta, now: datetime
) -> None:
    stands = LastTest(kind, True, now - ago, True)
    if wanted(device_id, stands, NIGHT, now):
        assert kind in PLANS
        if kind in ASKED_WHILE_HEARD:
            return
        assert 1 <= now.astimezone(ZONE).hour < 5
        assert ago >= PLANS[kind].every - 16 * HOUR
        assert not wanted(device_id, LastTest(kind, True, now, True), NIGHT, now + HOUR)


@given(st.sampled_from(sorted(PLANS)), st.integers(0, 23))
def test_whoever_is_tested_every_night_it_falls_due_never_gets_overdue(kind: str, hour: int) -> None:
    at = now = NOW.replace(hour=hour)  # the first one by hand, at any time of the day
    last_minute = NOW.replace(hour=20, minute=59).time()
    for _ in range(24 * 40):
        now += HOUR
        now = now.replace(minute=59 if now.hour == last_minute.hour else 13)
        assert judge(LastTest(kind, True, at, True), now) in ("ok", "due")
        if wanted(7, LastTest(kind, True, at, True), NIGHT, now):
            at = now


def test_what_failed_is_asked_again_the_next_night_and_what_is_off_never() -> None:
    late = NOW.replace(hour=20, minute=59)  # the last minute of the night: everybody's has come
    assert wanted(1, LastTest("satellite_phone", True, late - DAY, False), NIGHT, late)
    assert not wanted(1, LastTest("satellite_phone", True, late - DAY, True), NIGHT, late)
    assert wanted(1, LastTest("satellite_phone", True, None, None), NIGHT, late)
    assert not wanted(1, LastTest("satellite_phone", False, None, None), NIGHT, late)
    assert not wanted(1, LastTest("satellite_phone", True, None, None, open=True), NIGHT, late)


@pytest.mark.parametrize("kind", sorted(ASKED_WHILE_HEARD))
def test_a_radio_is_asked_while_it_is_heard_and_by_day_as_soon_as_it_is_due(kind: str) -> None:
    noon, every = NOW.replace(hour=4), PLANS[kind].every
    for at, there, by_day in (
        (None, True, True),
        (noon - every, True, True),
        (noon - every + HOUR, True, False),
        (noon - every, False, False),  # switched off is not broken
        (None, False, False),
    ):
        stands = LastTest(kind, True, at, True if at else None, live=there)
        assert wanted(1, stands, NIGHT, noon) is by_day
    late = NOW.replace(hour=20, minute=59)
    assert wanted(1, LastTest(kind, True, late - DAY, False, live=True), NIGHT, late)
    assert not wanted(1, LastTest(kind, True, late - DAY, False, live=False), NIGHT, late)
