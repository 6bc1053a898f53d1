"""Who is worn out, and why somebody cannot take a duty (domain/rules B7, R20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from app.duty.roster.rules import wall_clock
from app.duty.roster.rules.interval import Interval, OnDuty, union

FatigueKind = Literal["continuous_exceeded", "rest_too_short", "third_night_in_seven"]
ReasonCode = Literal[
    "untrained",
    "on_leave",
    "already_on_duty",
    "continuous_exceeded",
    "rest_too_short",
    "third_night_in_seven",
]
DAY = timedelta(days=1)
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much duty is bearable. A night is any duty between `night_from` and `night_to`, as in R13.

    Raises ValueError for a limit that cannot be.
    """

    max_continuous: timedelta = timedelta(hours=24)
    min_rest: timedelta = timedelta(hours=24)
    max_nights: int = 2
    in_days: int = 7
    night_from: time = time(0)
    night_to: time = time(6)

    def __post_init__(self) -> None:
        if self.max_continuous <= timedelta(0) or self.min_rest < timedelta(0):
            raise ValueError("连续值班和休息时长须为正 / duty and rest limits must be positive")
        if self.max_nights < 0 or not 1 <= self.in_days <= 366 or self.night_from >= self.night_to:
            raise ValueError("夜班限制不合理 / these limits of night duty cannot be")


R20 = Limits()


@dataclass(frozen=True, slots=True)
class Finding:
    """A warning: a person whose duty breaks R20, and when; `zh` and `en` say it in words."""

    person: int
    kind: FatigueKind
    interval: Interval
    zh: str
    en: str
    rule: str = "R20"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person cannot take a duty; `interval` is the time that stands against it."""

    code: ReasonCode
    interval: Interval
    zh: str
    en: str


def fatigue(shifts: Iterable[OnDuty], zone: ZoneInfo = CHINA, limits: Limits = R20) -> tuple[Finding, ...]:
    """Return every breach of R20 by anybody, by person and time.

    Shifts of one person that touch or overlap, in any seat, are one stretch of duty. Lengths are real time:
    a 24-hour duty in the night when clocks go back counts 25 hours.
    """
    by_person: defaultdict[int, list[Interval]] = defaultdict(list)
    for shift in shifts:
        by_person[shift.person].append(shift.interval)
    return tuple(
        Finding(person, kind, interval, zh, en)
        for person in sorted(by_person)
        for kind, interval, zh, en in sorted(
            _breaches(by_person[person], zone, limits), key=lambda one: one[1]
        )
    )


def why_not(
    person: int,
    interval: Interval,
    own_shifts: Iterable[OnDuty],
    leave: Iterable[Interval],
    *,
    zone: ZoneInfo = CHINA,
    limits: Limits = R20,
) -> tuple[Reason, ...]:
    """Return what stands against this person taking this duty; nothing means a fit substitute (替班人选).

    Shifts of others among `own_shifts` are passed over. What the person's duty breaks already, without this
    one, is not held against it.
    """
    own = union(shift.interval for shift in own_shifts if shift.person == person)
    reasons = [
        Reason("on_leave", off, f"{_zh(off, zone)}请假", f"on leave {_en(off, zone)}")
        for off in union(leave)
        if off.overlaps(interval)
    ]
    reasons += [
        Reason("already_on_duty", busy, f"{_zh(busy, zone)}已在值班", f"already on duty {_en(busy, zone)}")
        for busy in own
        if busy.overlaps(interval)
    ]
    before = {(kind, when) for kind, when, _, _ in _breaches(own, zone, limits)}
    reasons += [
        Reason(kind, when, zh, en)
        for kind, when, zh, en in sorted(_breaches((*own, interval), zone, limits), key=lambda one: one[1])
        if (kind, when) not in before
    ]
    return tuple(reasons)


_Breach = tuple[FatigueKind, Interval, str, str]


def _breaches(theirs: Iterable[Interval], zone: ZoneInfo, limits: Limits) -> Iterator[_Breach]:
    stretches = union(theirs)
    yield from _too_long(stretches, zone, limits)
    yield from _too_little_rest(stretches, zone, limits)
    yield from _too_many_nights(stretches, zone, limits)


def _too_long(stretches: tuple[Interval, ...], zone: ZoneInfo, limits: Limits) -> Iterator[_Breach]:
    for one in stretches:
        if (length := one.end - one.start) > limits.max_continuous:
            zh = f"{_zh(one, zone)}连续值班{_hours(length)}小时,超过{_hours(limits.max_continuous)}小时"
            en = f"{_hours(length)} h on duty {_en(one, zone)}, more than {_hours(limits.max_continuous)} h"
            yield "continuous_exceeded", one, zh, en


def _too_little_rest(stretches: tuple[Interval, ...], zone: ZoneInfo, limits: Limits) -> Iterator[_Breach]:
    for before, after in pairwise(stretches):
        if (rest := after.start - before.end) < limits.min_rest:
            between = Interval(before.end, after.start)
            zh = f"{_zh(between, zone)}两次值班间隔{_hours(rest)}小时,不足{_hours(limits.min_rest)}小时"
            en = f"{_hours(rest)} h of rest {_en(between, zone)}, less than {_hours(limits.min_rest)} h"
            yield "rest_too_short", between, zh, en


def _too_many_nights(stretches: tuple[Interval, ...], zone: ZoneInfo, limits: Limits) -> Iterator[_Breach]:
    """Tell the first night too many and those that crowd it, once for every further night."""
    nights = sorted({night for one in stretches for night in _nights(one, zone, limits)})
    for k, last in enumerate(nights[limits.max_nights :]):
        first = nights[k]
        if last - first >= limits.in_days * DAY:
            continue
        crowded = Interval(
            wall_clock.at(zone, first, limits.night_from), wall_clock.at(zone, last, limits.night_to)
        )
        count, days, most = limits.max_nights + 1, limits.in_days, limits.max_nights
        zh = f"{days}天内第{count}个夜班({first.isoformat()}至{last.isoformat()}),超过{most}个"
        en = f"night {count} in {days} days ({first.isoformat()} to {last.isoformat()}), more than {most}"
        yield "third_night_in_seven", crowded, zh, en


def _nights(one: Interval, zone: ZoneInfo, limits: Limits) -> Iterator[date]:
    """Yield the dates in whose early hours this duty falls."""
    day = wall_clock.wall(zone, one.start).date()
    last = wall_clock.wall(zone, one.end).date()
    while day <= last:
        start = wall_clock.at(zone, day, limits.night_from)
        end = wall_clock.at(zone, day, limits.night_to)
        if start < one.end and one.start < end:
            yield day
        day += DAY


def _hours(length: timedelta) -> str:
    return f"{length / timedelta(hours=1):.1f}".removesuffix(".0")


def _zh(one: Interval, zone: ZoneInfo) -> str:
    return f"{wall_clock.wall(zone, one.start):%m月%d日%H:%M}至{wall_clock.wall(zone, one.end):%m月%d日%H:%M}"


def _en(one: Interval, zone: ZoneInfo) -> str:
    return f"{wall_clock.wall(zone, one.start):%m-%d %H:%M} to {wall_clock.wall(zone, one.end):%m-%d %H:%M}"
