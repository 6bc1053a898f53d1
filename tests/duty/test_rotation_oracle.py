"""100,000 random questions «who is due at this instant?», asked of the engine and of a naive oracle.

How they are counted: 2,000 random rotations, each asked at 50 instants, most of them a minute, half an
hour or an hour around a handoff, the rest anywhere in its first 150. Half the rotations begin within three
days before a change of clocks. The oracle knows nothing of folds, divisions
or grids: it walks handoff by handoff from the start, in whole minutes, and finds the instant of a handoff by
walking the zone's offsets until the clock on the wall has reached it.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count, islice, takewhile
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from app.duty.roster.rules.rotation import Kind, Rotation, turn_at

ROTATIONS, INSTANTS, HANDOFFS = 2_000, 50, 150
MINUTE = timedelta(minutes=1)
EPOCH = datetime(1985, 1, 1, tzinfo=UTC)
FIRST_MINUTE, LAST_MINUTE = 2 * 525_600, 45 * 525_600  # starts from 1987 to 2029, over China's summer times
HORIZON = 60 * 525_600
ZONES = ("Asia/Shanghai", "America/Chicago", "Australia/Lord_Howe", "Pacific/Apia", "Europe/London")


@cache
def offsets(zone: str) -> tuple[list[int], list[int]]:
    """Minutes from EPOCH at which the zone's offset changes, and the offset, in minutes, from then on."""
    starts, told = [0], [offset(zone, 0)]
    for hour in range(60, HORIZON + 7 * 1440, 60 * 24):
        if offset(zone, hour) != told[-1]:
            first = next(m for m in range(hour - 60 * 24, hour + 1) if offset(zone, m) != told[-1])
            starts.append(first)
            told.append(offset(zone, first))
    return starts, told


def offset(zone: str, minute: int) -> int:
    away = (EPOCH + minute * MINUTE).astimezone(ZoneInfo(zone)).utcoffset()
    assert away is not None
    return away // MINUTE


def reached(zone: str, wall: int) -> int:
    """The first minute at which the wall shows `wall` (in minutes since EPOCH's date) or more."""
    starts, told = offsets(zone)
    k = max(bisect_right(starts, wall - 2 * 24 * 60) - 1, 0)
    while True:
        first = max(starts[k], wall - told[k])
        if k + 1 == len(starts) or first < starts[k + 1]:
            return first
        k += 1


def handoffs(rotation: Rotation, zone: str, begin: int) -> Iterator[int]:
    """The minutes of the wall at which one shift after the other begins."""
    shown = begin + offset(zone, begin)
    if rotation.kind == "monthly":
        first = EPOCH + shown * MINUTE
        for n in count(0, rotation.length):
            month = first.month - 1 + n
            year, month = first.year + month // 12, month % 12 + 1
            day = min(first.day, monthrange(year, month)[1])
            yield (first.replace(year=year, month=month, day=day) - EPOCH) // MINUTE
    hours = {"hourly": 1, "daily": 24, "weekly": 168}[rotation.kind] * rotation.length
    yield from count(shown, hours * 60)


def told(rotation: Rotation, zone: str, begin: int) -> tuple[list[int], list[int | None]]:
    """Minutes from which somebody else is due, and the group due from then on; None is nobody."""
    counted = (
        rotation.on_days is not None and rotation.skips_keep_turn and rotation.kind in ("hourly", "daily")
    )
    shown = begin + offset(zone, begin)
    steps = count(shown, rotation.length * 60 if rotation.kind == "hourly" else 1440)
    walk = takewhile(HORIZON.__gt__, steps if counted else handoffs(rotation, zone, begin))
    edges = list(islice(walk, HANDOFFS))
    instants: list[int] = []
    groups: list[int | None] = []
    passed = 0
    for n, edge in enumerate(edges):
        instants.append(begin if n == 0 else reached(zone, edge))
        if not counted:
            groups.append(n % len(rotation.members))
        elif on_duty_day(rotation, shown, edge):
            a_turn = rotation.length if rotation.kind == "daily" else 1
            groups.append(passed // a_turn % len(rotation.members))
            passed += 1
        else:
            groups.append(None)
    return instants, groups


def on_duty_day(rotation: Rotation, shown: int, edge: int) -> bool:
    """Whether the wall minute lies in a duty day, which lasts from the start's time of day to the next."""
    day = EPOCH + (shown + (edge - shown) // 1440 * 1440) * MINUTE
    return rotation.on_days is None or day.weekday() in rotation.on_days


def is_off(rotation: Rotation, zone: str, begin: int, minute: int) -> bool:
    """Walk duty day by duty day to the one that holds the minute, for rotations whose turns run on."""
    shown = begin + offset(zone, begin)
    day = shown + max((minute - begin) // 1440 - 3, 0) * 1440
    while reached(zone, day + 1440) <= minute:
        day += 1440
    return not on_duty_day(rotation, shown, day)


@st.composite
def rotations(draw: st.DrawFn) -> tuple[Rotation, str, int]:
    kind: Kind = draw(st.sampled_from(["hourly", "daily", "weekly", "monthly"]))
    zone = draw(st.sampled_from(ZONES))
    begin = draw(st.integers(FIRST_MINUTE, LAST_MINUTE))
    starts, offset_then = offsets(zone)
    if draw(st.booleans()):  # within three days before a change of clocks
        begin = starts[bisect_right(starts, begin, hi=len(starts) - 1)] - draw(st.integers(0, 3 * 1440))
    if draw(st.booleans()):  # a round hour of the day, as people choose it
        begin -= begin % 60
    k = bisect_right(starts, begin) - 1
    if k and begin + offset_then[k] < starts[k] + offset_then[k - 1]:
        begin += 24 * 60  # a start in a repeated hour has a test of its own
    days = st.frozensets(st.integers(0, 6), min_size=1)
    on_days = draw(st.one_of(st.none(), days))
    length = draw(st.integers(1, 30 if kind == "hourly" and on_days is None else 5))
    members = tuple((n,) for n in range(draw(st.integers(1, 5))))
    start = EPOCH + begin * MINUTE
    keep = draw(st.booleans())
    return Rotation(kind, length, start, members, ZoneInfo(zone), on_days, keep), zone, begin


asked = 0


@settings(max_examples=ROTATIONS, deadline=None, database=None)
@given(rotations(), st.integers(0, 2**32))
def check_a_rotation(case: tuple[Rotation, str, int], seed: int) -> None:
    global asked
    rotation, zone, begin = case
    instants, groups = told(rotation, zone, begin)
    runs_on = rotation.on_days is not None and (
        not rotation.skips_keep_turn or rotation.kind in ("weekly", "monthly")
    )
    random = Random(seed)
    for n in range(INSTANTS):
        if n % 3:
            minute = random.choice(instants[:-1]) + random.choice((-61, -31, -1, 0, 1, 31, 61))
        else:
            minute = random.randint(begin - 100, instants[-1] - 1)
        k = bisect_right(instants, minute) - 1
        expected = groups[k] if k >= 0 else None
        if expected is not None and runs_on and is_off(rotation, zone, begin, minute):
            expected = None
        at = EPOCH + minute * MINUTE
        turn = turn_at(rotation, at)
        assert (None if turn is None else turn.group_index) == expected, at
        assert turn is None or (turn.interval.contains(at) and turn.persons == (expected,))
        asked += 1


def test_100_000_questions_are_answered_as_a_naive_walk_answers_them() -> None:
    check_a_rotation()
    assert asked >= ROTATIONS * INSTANTS
