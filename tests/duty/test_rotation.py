from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from app.duty.roster.rules import wall_clock
from app.duty.roster.rules.interval import Interval, union
from app.duty.roster.rules.rotation import Kind, Rotation, Turn, next_handoff, turn_at, turns
from tests.duty.clocks import CHICAGO, LORD_HOWE, SHANGHAI, on, span

APIA = ZoneInfo("Pacific/Apia")
WORKDAYS = frozenset(range(5))


def rotation(
    kind: Kind,
    length: int,
    start: str,
    zone: ZoneInfo = SHANGHAI,
    *groups: tuple[int, ...],
    on_days: frozenset[int] | None = None,
    skips_keep_turn: bool = True,
) -> Rotation:
    return Rotation(
        kind, length, on(start, zone), groups or ((1,), (2,), (3,)), zone, on_days, skips_keep_turn
    )


# design/field.md 4.1, lines G1 to G10, from GoAlert's rotation_test.go; zone America/Chicago.
BOUNDARIES = {
    "G1": ("monthly", 1, "2017-06-01 00:00", "2017-07-01 00:00", 720),
    "G2": ("monthly", 1, "2017-03-01 00:00", "2017-04-01 00:00", 743),
    "G3": ("monthly", 2, "2017-11-01 00:00", "2018-01-01 00:00", 1465),
    "G4": ("weekly", 1, "2017-03-10 08:00", "2017-03-17 08:00", 167),
    "G5": ("weekly", 1, "2017-11-04 08:00", "2017-11-11 08:00", 169),
    "G6": ("daily", 1, "2017-03-11 08:00", "2017-03-12 08:00", 23),
    "G7": ("daily", 1, "2017-11-04 08:00", "2017-11-05 08:00", 25),
    "G8": ("hourly", 3, "2017-03-12 00:00", "2017-03-12 03:00", 2),
    "G9": ("hourly", 3, "2017-11-05 00:00", "2017-11-05 03:00", 4),
}


@pytest.mark.parametrize(("kind", "length", "start", "end", "hours"), BOUNDARIES.values(), ids=BOUNDARIES)
def test_a_turn_ends_when_the_wall_shows_the_time_of_its_start_again(
    kind: Kind, length: int, start: str, end: str, hours: int
) -> None:
    it = rotation(kind, length, start, CHICAGO)
    assert next_handoff(it, it.start) == on(end, CHICAGO)
    assert next_handoff(it, it.start) - it.start == timedelta(hours=hours)
    assert turn_at(it, on(end, CHICAGO) - timedelta(seconds=1)) == Turn(
        Interval(it.start, on(end, CHICAGO)), 0, (1,)
    )


def test_g10_a_skipped_handoff_comes_at_the_first_instant_that_exists_and_the_next_day_at_its_own_time() -> (
    None
):
    it = rotation("daily", 1, "2020-03-06 02:30", CHICAGO)
    handoffs = [it.start]
    for _ in range(3):
        handoffs.append(next_handoff(it, handoffs[-1]))
    assert [f"{each.astimezone(CHICAGO):%m-%d %H:%M %Z}" for each in handoffs] == [
        "03-06 02:30 CST",
        "03-07 02:30 CST",
        "03-08 03:00 CDT",
        "03-09 02:30 CDT",
    ]


@pytest.mark.parametrize(
    ("zone", "asked", "shown"),
    [
        (CHICAGO, "2020-11-01 01:30", "2020-11-01 01:30:00-05:00"),  # comes twice: the first
        (CHICAGO, "2020-03-08 02:59:59", "2020-03-08 03:00:00-05:00"),
        (CHICAGO, "2020-03-08 03:00", "2020-03-08 03:00:00-05:00"),
        (LORD_HOWE, "2020-10-04 02:10", "2020-10-04 02:30:00+11:00"),  # half an hour is skipped
        (LORD_HOWE, "2020-04-05 01:45", "2020-04-05 01:45:00+11:00"),  # half an hour comes twice
        (LORD_HOWE, "2020-04-05 02:00", "2020-04-05 02:00:00+10:30"),
        (APIA, "2011-12-30 12:00", "2011-12-31 00:00:00+14:00"),  # a whole day is skipped
        (SHANGHAI, "1988-04-17 02:30", "1988-04-17 03:00:00+09:00"),  # China had summer time once
        (SHANGHAI, "2026-03-08 02:30", "2026-03-08 02:30:00+08:00"),
    ],
)
def test_a_time_on_the_wall_means_the_first_instant_that_reaches_it(
    zone: ZoneInfo, asked: str, shown: str
) -> None:
    wall = datetime.fromisoformat(asked)
    found = wall_clock.at(zone, wall.date(), wall.time())
    assert found.tzinfo is UTC
    assert str(found.astimezone(zone)) == shown


@pytest.mark.parametrize(
    ("start", "length", "handoffs"),
    [
        ("2023-12-31 08:00", 1, ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"]),
        ("2024-12-31 08:00", 1, ["2025-01-31", "2025-02-28", "2025-03-31"]),
        ("2024-02-29 08:00", 12, ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("2024-01-30 08:00", 1, ["2024-02-29", "2024-03-30"]),
    ],
    ids=["31st, leap year", "31st, common year", "leap day, yearly", "30th"],
)
def test_a_month_without_the_day_hands_over_on_its_last_and_the_next_returns_to_the_day(
    start: str, length: int, handoffs: list[str]
) -> None:
    """https://github.com/target/goalert/issues/3196 (complaint 26): monthly by the date."""
    it = rotation("monthly", length, start)
    at = it.start
    for day in handoffs:
        at = next_handoff(it, at)
        assert at == on(f"{day} 08:00", SHANGHAI)


def test_months_weeks_days_and_hours_are_added_on_the_wall() -> None:
    start = on("2017-03-11 08:00", CHICAGO)
    assert wall_clock.add(start, CHICAGO) == start
    assert wall_clock.add(start, CHICAGO, days=1) - start == timedelta(hours=23)
    assert wall_clock.add(start, CHICAGO, weeks=1) == on("2017-03-18 08:00", CHICAGO)
    assert wall_clock.add(start, CHICAGO, hours=20) == on("2017-03-12 04:00", CHICAGO)
    assert wall_clock.add(on("2024-01-31 08:00"), ZoneInfo("UTC"), months=1, days=1) == on("2024-03-01 08:00")
    assert wall_clock.add(on("2024-03-31 08:00"), ZoneInfo("UTC"), months=-1) == on("2024-02-29 08:00")


def test_four_platoons_are_24_hours_on_and_72_off() -> None:
    platoons = ((11, 12), (21, 22), (31, 32), (41, 42))
    it = rotation("daily", 1, "2026-01-01 08:00", SHANGHAI, *platoons)
    found = turns(it, span("2026-01-01 08:00", "2026-01-09 08:00", SHANGHAI))
    assert [turn.group_index for turn in found] == [0, 1, 2, 3, 0, 1, 2, 3]
    assert found[4].persons == (11, 12)
    assert found[4].interval.start - found[0].interval.end == timedelta(hours=72)


def test_two_week_turns_change_every_second_week() -> None:
    """https://github.com/target/goalert/issues/3049 (complaint 26)."""
    it = rotation("weekly", 2, "2026-01-05 08:00")
    assert [turn.persons for turn in turns(it, span("2026-01-05 08:00", "2026-02-16 08:00", SHANGHAI))] == [
        (1,),
        (2,),
        (3,),
    ]
    assert next_handoff(it, on("2026-01-13 08:00", SHANGHAI)) == on("2026-01-19 08:00", SHANGHAI)


def test_turns_are_whole_though_the_window_cuts_them() -> None:
    it = rotation("daily", 1, "2026-01-01 08:00")
    (only,) = turns(it, span("2026-01-02 10:00", "2026-01-02 11:00", SHANGHAI))
    assert only.interval == span("2026-01-02 08:00", "2026-01-03 08:00", SHANGHAI)


def test_nobody_is_due_before_the_start() -> None:
    it = rotation("daily", 1, "2026-01-01 08:00")
    assert turns(it, span("2025-12-01 08:00", "2026-01-01 08:00", SHANGHAI)) == ()
    assert turn_at(it, on("2026-01-01 07:59", SHANGHAI)) is None
    assert next_handoff(it, on("2025-12-01 08:00", SHANGHAI)) == it.start
    assert len(turns(it, span("2025-12-01 08:00", "2026-01-03 08:00", SHANGHAI))) == 2


def test_a_start_that_the_wall_shows_a_second_time_is_taken_as_told() -> None:
    second = datetime(2020, 11, 1, 1, 30, tzinfo=CHICAGO, fold=1)
    it = Rotation("hourly", 1, second, ((1,), (2,)), CHICAGO)
    assert it.start == second.astimezone(UTC)
    assert next_handoff(it, it.start) == on("2020-11-01 02:30", CHICAGO)


def test_a_turn_goes_on_while_the_wall_shows_its_past_again() -> None:
    it = rotation("hourly", 1, "2017-11-05 00:30", CHICAGO)
    second_ten_past_one = on("2017-11-05 07:10")  # 01:10 CST, forty minutes after 01:30 CDT
    turn = turn_at(it, second_ten_past_one)
    assert turn == Turn(Interval(on("2017-11-05 06:30"), on("2017-11-05 08:30")), 1, (2,))


def test_a_turn_that_the_change_of_clocks_leaves_no_time_is_passed_over() -> None:
    it = rotation("hourly", 1, "2017-03-12 00:00", CHICAGO, (0,), (1,), (2,), (3,), (4,))
    found = turns(it, Interval(it.start, it.start + timedelta(hours=4)))
    assert [turn.group_index for turn in found] == [0, 1, 3, 4]


@pytest.mark.parametrize(
    ("keeps", "due"),
    [(True, [1, 2, 3, 1, 2, None, None, 3, 1]), (False, [1, 2, 3, 1, 2, None, None, 2, 3])],
    ids=["a day off keeps the turn", "a day off loses the turn"],
)
def test_weekends_off_keep_or_lose_the_turn(*, keeps: bool, due: list[int | None]) -> None:
    """https://github.com/target/goalert/issues/55 (complaint 26): the weekend loses nobody a turn."""
    it = rotation("daily", 1, "2026-01-05 08:00", on_days=WORKDAYS, skips_keep_turn=keeps)  # a Monday
    found = [turn_at(it, it.start + timedelta(days=n, hours=23)) for n in range(len(due))]
    assert [None if turn is None else turn.persons[0] for turn in found] == due
    assert next_handoff(it, on("2026-01-10 08:00", SHANGHAI)) == on("2026-01-12 08:00", SHANGHAI)


def test_a_turn_of_two_days_is_interrupted_by_the_weekend_and_goes_on_after_it() -> None:
    it = rotation("daily", 2, "2026-01-05 08:00", on_days=WORKDAYS)
    found = turns(it, span("2026-01-08 20:00", "2026-01-14 20:00", SHANGHAI))
    assert [(turn.persons[0], turn.interval) for turn in found] == [
        (2, span("2026-01-07 08:00", "2026-01-09 08:00", SHANGHAI)),
        (3, span("2026-01-09 08:00", "2026-01-10 08:00", SHANGHAI)),
        (3, span("2026-01-12 08:00", "2026-01-13 08:00", SHANGHAI)),
        (1, span("2026-01-13 08:00", "2026-01-15 08:00", SHANGHAI)),
    ]


def test_an_hourly_shift_belongs_to_the_duty_day_in_which_it_begins() -> None:
    it = rotation("hourly", 9, "2026-01-09 08:00", on_days=frozenset({4}))  # Fridays
    found = turns(it, span("2026-01-09 08:00", "2026-01-17 08:00", SHANGHAI))
    assert [(turn.persons[0], turn.interval) for turn in found] == [
        (1, span("2026-01-09 08:00", "2026-01-09 17:00", SHANGHAI)),
        (2, span("2026-01-09 17:00", "2026-01-10 02:00", SHANGHAI)),
        (3, span("2026-01-10 02:00", "2026-01-10 11:00", SHANGHAI)),
        (1, span("2026-01-16 11:00", "2026-01-16 20:00", SHANGHAI)),
        (2, span("2026-01-16 20:00", "2026-01-17 05:00", SHANGHAI)),
        (3, span("2026-01-17 05:00", "2026-01-17 14:00", SHANGHAI)),
    ]


def test_weekly_turns_leave_days_off_out() -> None:
    it = rotation("weekly", 1, "2026-01-07 08:00", on_days=WORKDAYS)  # a Wednesday
    found = turns(it, span("2026-01-08 08:00", "2026-01-15 08:00", SHANGHAI))
    assert [(turn.persons[0], turn.interval) for turn in found] == [
        (1, span("2026-01-07 08:00", "2026-01-10 08:00", SHANGHAI)),
        (1, span("2026-01-12 08:00", "2026-01-14 08:00", SHANGHAI)),
        (2, span("2026-01-14 08:00", "2026-01-17 08:00", SHANGHAI)),
    ]
    assert turn_at(it, on("2026-01-17 08:00", SHANGHAI)) is None


@pytest.mark.parametrize("kind", ["daily", "weekly"])
def test_a_duty_day_that_the_calendar_skips_is_passed_over(kind: Kind) -> None:
    it = rotation(kind, 1, "2011-12-16 00:00", APIA, on_days=frozenset({4}))  # Friday the 30th never was
    found = turns(it, span("2011-12-16 00:00", "2012-01-07 00:00", APIA))
    assert [(turn.persons[0], f"{turn.interval.start.astimezone(APIA):%m-%d}") for turn in found] == [
        (1, "12-16"),
        (2, "12-23"),
        (1, "01-06"),
    ]


def test_every_day_of_the_week_is_no_restriction() -> None:
    window = span("2026-01-05 08:00", "2026-03-05 08:00", SHANGHAI)
    everyday = rotation("daily", 3, "2026-01-05 08:00", on_days=frozenset(range(7)))
    assert turns(everyday, window) == turns(rotation("daily", 3, "2026-01-05 08:00"), window)


@pytest.mark.parametrize("zone", [CHICAGO, SHANGHAI, LORD_HOWE], ids=str)
@pytest.mark.parametrize("kind", ["hourly", "daily", "weekly", "monthly"])
def test_a_year_of_turns_has_no_gap_and_no_overlap(kind: Kind, zone: ZoneInfo) -> None:
    it = rotation(kind, 1, "2020-01-31 02:15", zone)
    window = span("2024-01-01 00:00", "2025-01-01 00:00", zone)
    found = turns(it, window)
    assert all(one.interval.end == next_.interval.start for one, next_ in pairwise(found))
    assert union(turn.interval for turn in found)[0].intersect(window) == window


def test_a_rotation_begun_long_ago_costs_no_more() -> None:
    it = rotation("hourly", 1, "1971-01-01 08:00")
    began = time.process_time()
    assert turn_at(it, on("2069-06-01 08:30", SHANGHAI)) is not None
    assert time.process_time() - began < 0.01


def test_no_rotation_is_built_from_nonsense() -> None:
    start = on("2026-01-01 08:00")
    cases: list[tuple[str, dict[str, object]]] = [
        ("needs members", {"members": ()}),
        ("each group a person", {"members": ((1,), ())}),
        ("twice in one group", {"members": ((1, 1),)}),
        ("10,000 persons", {"members": tuple((n,) for n in range(10_001))}),
        ("1 to 10,000", {"length": 0}),
        ("1 to 10,000", {"length": 10_001}),
        ("needs a time zone", {"start": datetime(2026, 1, 1, 8)}),  # noqa: DTZ001 - it is the mistake
        ("is not a time zone", {"zone": "Asia/Shanghai"}),
        ("no such kind", {"kind": "yearly"}),
        ("from 0", {"on_days": frozenset()}),
        ("from 0", {"on_days": frozenset({7})}),
        ("no shift ever begins", {"kind": "hourly", "length": 168, "on_days": frozenset({0})}),
    ]
    sound: dict[str, object] = {
        "kind": "daily",
        "length": 1,
        "start": start,
        "members": ((1,),),
        "zone": SHANGHAI,
    }
    for words, wrong in cases:
        with pytest.raises(ValueError, match=words) as caught:
            Rotation(**{**sound, **wrong})  # type: ignore[arg-type]
        assert any("\u4e00" <= letter <= "\u9fff" for letter in str(caught.value)), words


def test_what_lies_beyond_the_calendar_is_refused() -> None:
    it = rotation("daily", 1, "2026-01-01 08:00")
    with pytest.raises(ValueError, match="ten years"):
        turns(it, span("2026-01-01 08:00", "2037-01-01 08:00"))
    with pytest.raises(ValueError, match="1 to 9999"):
        next_handoff(it, datetime(9999, 12, 31, 12, tzinfo=UTC))
    with pytest.raises(ValueError, match="1 to 9999"):
        wall_clock.add(it.start, SHANGHAI, months=12 * 9000)
    with pytest.raises(ValueError, match="1 to 9999"):
        wall_clock.instant(SHANGHAI, datetime(1, 1, 1))  # noqa: DTZ001 - a wall time
    with pytest.raises(ValueError, match="no time zone"):
        wall_clock.zone("Asia/Zhangchuan")
    assert wall_clock.zone("Asia/Shanghai") == SHANGHAI
