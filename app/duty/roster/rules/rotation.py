"""Who is due by turns (轮班): hourly, daily, weekly or monthly, by person or by platoon.

A rotation is a grid of steps on the clock on the wall. Any step is found by division, so that a rotation
begun decades ago costs no more than one begun today.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, takewhile
from math import gcd
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from app.duty.roster.rules import wall_clock
from app.duty.roster.rules.interval import Interval, in_utc
from app.duty.roster.rules.windows import EVERY_DAY, check_days

Kind = Literal["hourly", "daily", "weekly", "monthly"]
HOURS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 0}
WEEK_H = 168
MOST_PERSONS, LONGEST = 10_000, 10_000
WIDEST = timedelta(days=3_700)  # ten years and a little


@dataclass(frozen=True, slots=True)
class Rotation:
    """Groups of persons that take turns of `length` hours, days, weeks or months from `start` on.

    `start` is the aware instant of the first handoff; the next ones show the same time on the wall of `zone`.
    Monthly turns keep the day of the month, or take the last when a month has none such. A group of one is a
    person; four groups of a daily rotation are 24 hours on and 72 off. Nobody is due before `start`.

    `on_days` (0 is Monday) leaves only these duty days; a duty day lasts from the time of day of `start` to
    the same time on the next. With `skips_keep_turn` an hourly or daily rotation counts duty days only: who
    would have been due on a day off is due on the next duty day, and an hourly shift belongs to the duty day
    in which it begins. Without it, and for weeks and months, the turns run on and days off are left out.

    Raises ValueError for a length outside 1..10,000, no members, an empty group, a person twice in a group,
    more than 10,000 persons, a start without a zone, or days on which no turn could ever begin.
    """

    kind: Kind
    length: int
    start: datetime
    members: tuple[tuple[int, ...], ...]
    zone: ZoneInfo
    on_days: frozenset[int] | None = None
    skips_keep_turn: bool = True

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"没有名为 {self.kind!r} 的轮换方式 / no such kind of rotation")
        if not isinstance(self.zone, ZoneInfo):
            raise ValueError(f"{self.zone!r} 不是时区 / is not a time zone")
        if not 1 <= self.length <= LONGEST:
            raise ValueError(f"轮换周期须为1至{LONGEST} / the length of a turn is 1 to {LONGEST:,}")
        object.__setattr__(self, "start", in_utc(self.start))
        _check_members(self.members)
        if self.on_days is not None:
            check_days(self.on_days)
            if _counts_duty_days(self) and not any(_duty(self)):
                raise ValueError(
                    "所选日期内没有班次开始,无人会轮到 / no shift ever begins on the chosen days"
                )


@dataclass(frozen=True, slots=True)
class Turn:
    """One uninterrupted time of a group on duty, whole: from handoff to handoff."""

    interval: Interval
    group_index: int
    persons: tuple[int, ...]


def turns(rotation: Rotation, window: Interval) -> tuple[Turn, ...]:
    """Return every turn that overlaps the window, in order and whole: the first may begin before it.

    A turn that a change of clocks leaves without any time is not there. Raises ValueError when the window is
    wider than ten years.
    """
    if window.end - window.start > WIDEST:
        raise ValueError("查询范围不得超过十年 / a window spans ten years at most")
    return tuple(_begun_before(window.end, _turns(rotation, window.start)))


def turn_at(rotation: Rotation, at: datetime) -> Turn | None:
    """Return the turn at an aware instant; None before the start and on days off."""
    at = in_utc(at)
    turn = next(_turns(rotation, at))
    return turn if turn.interval.start <= at else None


def next_handoff(rotation: Rotation, at: datetime) -> datetime:
    """Return the first instant (UTC) after `at` when a turn ends, or one begins after a time without any."""
    at = in_utc(at)
    turn = next(_turns(rotation, at))
    return turn.interval.end if turn.interval.start <= at else turn.interval.start


@dataclass(frozen=True, slots=True)
class _Grid:
    """Steps of equal length on the wall: `edge(k)` is when step k begins."""

    start: datetime
    wall: datetime
    zone: ZoneInfo
    months: int
    hours: int

    def edge(self, k: int) -> datetime:
        if k == 0:  # exactly as told, though the wall may have shown this time once before
            return self.start
        more = timedelta(hours=self.hours * k)
        return wall_clock.instant(self.zone, wall_clock.shifted(self.wall, self.months * k, more))

    def step(self, at: datetime) -> int:
        """Return the step that `at` lies in; 0 before the start."""
        shown = wall_clock.wall(self.zone, at)
        if self.months:
            passed = (shown.year - self.wall.year) * 12 + shown.month - self.wall.month
            k = max(passed // self.months, 0)
        else:
            k = max((shown - self.wall) // timedelta(hours=self.hours), 0)
        # Near a change of clocks or the end of a month the division is a step off.
        while k > 0 and self.edge(k) > at:
            k -= 1
        while self.edge(k + 1) <= at:
            k += 1
        return k


def _grid(rotation: Rotation, *, months: int = 0, hours: int = 0) -> _Grid:
    return _Grid(rotation.start, wall_clock.wall(rotation.zone, rotation.start), rotation.zone, months, hours)


def _turns(rotation: Rotation, since: datetime) -> Iterator[Turn]:
    """Yield the turns that end after `since`, without end."""
    if rotation.on_days is None or rotation.on_days == EVERY_DAY:
        return _plain(rotation, since)
    return _counted(rotation, since) if _counts_duty_days(rotation) else _masked(rotation, since)


def _plain(rotation: Rotation, since: datetime) -> Iterator[Turn]:
    months = rotation.length if rotation.kind == "monthly" else 0
    grid = _grid(rotation, months=months, hours=HOURS[rotation.kind] * rotation.length)
    k = grid.step(since)
    begin = grid.edge(k)
    while True:
        end = grid.edge(k + 1)
        if begin < end:
            yield _turn(rotation, Interval(begin, end), k)
        begin, k = end, k + 1


def _begun_before(end: datetime, turns: Iterator[Turn]) -> Iterator[Turn]:
    return takewhile(lambda turn: turn.interval.start < end, turns)


def _masked(rotation: Rotation, since: datetime) -> Iterator[Turn]:
    """Let the turns run on; only their duty days are duty."""
    for run in _duty_runs(rotation, since):
        for turn in _begun_before(run.end, _plain(rotation, run.start)):
            part = turn.interval.intersect(run)
            if part is not None and part.end > since:
                yield Turn(part, turn.group_index, turn.persons)


def _duty_runs(rotation: Rotation, since: datetime) -> Iterator[Interval]:
    """Yield the spans of consecutive duty days that end after `since`, without end."""
    grid = _grid(rotation, hours=24)
    on_days = rotation.on_days or EVERY_DAY
    first = grid.wall.weekday()

    def on(day: int) -> bool:
        return (first + day) % 7 in on_days

    day = grid.step(since)
    while day > 0 and on(day) and on(day - 1):
        day -= 1
    while True:
        while not on(day):
            day += 1
        begin = grid.edge(day)
        while on(day):
            day += 1
        end = grid.edge(day)
        if begin < end:
            yield Interval(begin, end)


def _counted(rotation: Rotation, since: datetime) -> Iterator[Turn]:
    """Only steps that begin on a duty day count; consecutive ones of one turn are one piece."""
    hours = rotation.length if rotation.kind == "hourly" else 24
    steps_a_turn = 1 if rotation.kind == "hourly" else rotation.length
    grid = _grid(rotation, hours=hours)
    duty = _duty(rotation)
    period, total = len(duty), sum(duty)
    rank = list(accumulate(duty, initial=0))

    def number(k: int) -> int | None:
        """Return which turn a step belongs to, None on a day off."""
        if not duty[k % period]:
            return None
        return (k // period * total + rank[k % period]) // steps_a_turn

    k = grid.step(since)
    while k > 0 and number(k) is not None and number(k - 1) == number(k):
        k -= 1
    while True:
        while (turn := number(k)) is None:
            k += 1
        begin = grid.edge(k)
        while number(k) == turn:
            k += 1
        end = grid.edge(k)
        if begin < end:
            yield _turn(rotation, Interval(begin, end), turn)


def _counts_duty_days(rotation: Rotation) -> bool:
    thinned = rotation.on_days is not None and rotation.on_days != EVERY_DAY
    return thinned and rotation.skips_keep_turn and rotation.kind in ("hourly", "daily")


def _duty(rotation: Rotation) -> list[bool]:
    """Say of each step whether it begins on a duty day, over the period after which weekdays repeat."""
    hours = rotation.length if rotation.kind == "hourly" else 24
    first = wall_clock.wall(rotation.zone, rotation.start).weekday()
    on_days = rotation.on_days or EVERY_DAY
    return [(first + k * hours // 24) % 7 in on_days for k in range(WEEK_H // gcd(WEEK_H, hours))]


def _turn(rotation: Rotation, interval: Interval, number: int) -> Turn:
    index = number % len(rotation.members)
    return Turn(interval, index, rotation.members[index])


def _check_members(members: tuple[tuple[int, ...], ...]) -> None:
    if not members or not all(members):
        raise ValueError("轮换名单或某一组没有人员 / a rotation needs members, and each group a person")
    if sum(map(len, members)) > MOST_PERSONS:
        raise ValueError(
            f"轮换名单不得超过{MOST_PERSONS}人 / a rotation holds {MOST_PERSONS:,} persons at most"
        )
    if any(len(set(group)) < len(group) for group in members):
        raise ValueError("同一组内人员重复 / a person stands twice in one group")
