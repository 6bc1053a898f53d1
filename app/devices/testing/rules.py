"""When a device has to be tested, and how its last test stands (domain/roster_rules.yaml R18)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

TestWord = Literal["ok", "due", "overdue", "failed", "running", "untested", "exempt"]
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """How often a kind is tested; for `grace` after that it is merely due (amber only afterwards)."""

    every: timedelta
    grace: timedelta


_DAILY, _WEEKLY, _MONTHLY = Plan(_DAY, 12 * _HOUR), Plan(7 * _DAY, _DAY), Plan(30 * _DAY, 3 * _DAY)

# R18 names the first seven; the others follow the kind they resemble. What reports by itself every few
# seconds (vehicles, field phones, gateways) needs no test: its silence is told.
PLANS: Mapping[str, Plan] = {
    "satellite_phone": _WEEKLY,
    "beidou_terminal": _WEEKLY,
    "radio_370": _DAILY,
    "conference_room": _DAILY,
    "uav": _MONTHLY,
    "broadcast_terminal": _WEEKLY,
    "repeater": _MONTHLY,
    "sbd_terminal": _WEEKLY,
    "video_backhaul": _MONTHLY,
    "tower_camera": _MONTHLY,
}

DEADLINE = timedelta(minutes=4)  # by then whoever ran a test is gone
WAIT_LIMIT = timedelta(minutes=5)  # a test that nobody takes up is not asked any more
# A handheld that is switched off is not broken: these are asked only while they are heard, and as soon as
# they are when their test is due. The others are asked where they lie.
ASKED_WHILE_HEARD = frozenset({"radio_370", "repeater"})
TESTED_THE_DAY_BEFORE = 16 * _HOUR  # a test within so long before it falls due counts for that night


@dataclass(frozen=True, slots=True)
class LastTest:
    """What the register knows of a device's tests."""

    kind: str
    active: bool
    at: datetime | None
    passed: bool | None
    open: bool = False  # one waits or runs
    live: bool = True  # heard within the limit of its kind


def due_at(kind: str, tested_at: datetime | None) -> datetime | None:
    """Return when the next test falls due; None for a kind without a plan or before the first test."""
    plan = PLANS.get(kind)
    return tested_at + plan.every if plan and tested_at else None


def judge(tested: LastTest, now: datetime) -> TestWord:
    """Say in one word how the tests of a device stand: overdue is amber, failed is red."""
    if not tested.active:
        return "exempt"
    if tested.open:
        return "running"
    if tested.passed is False:
        return "failed"
    plan = PLANS.get(tested.kind)
    if plan is None:
        return "exempt"
    if tested.at is None:
        return "untested"
    late = now - (tested.at + plan.every)
    if late < timedelta():
        return "ok"
    return "due" if late < plan.grace else "overdue"


@dataclass(frozen=True, slots=True)
class Night:
    """The hours in which devices are tested by themselves, in the county's time; they may span midnight."""

    begins: time
    ends: time
    zone: ZoneInfo

    @property
    def length(self) -> timedelta:
        """How long it lasts; a night that begins when it ends lasts the whole day."""
        minutes = (self.ends.hour - self.begins.hour) * 60 + self.ends.minute - self.begins.minute
        return timedelta(minutes=minutes % (24 * 60) or 24 * 60)


def night_of(words: str, zone: ZoneInfo) -> Night:
    """Read `01:00-05:00`. Raises ValueError for anything else."""
    begins, _, ends = words.partition("-")
    return Night(time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip()), zone)


def night_begun(night: Night, now: datetime) -> datetime | None:
    """Return when the night we are in began, or None in the daytime."""
    today = now.astimezone(night.zone).date()
    for day in (today, today - _DAY):
        begun = datetime.combine(day, night.begins, night.zone).astimezone(UTC)
        if begun <= now < begun + night.length:
            return begun
    return None


def slot(device_id: int, night: Night, begun: datetime) -> datetime:
    """Return the minute of the night in which this device is tested.

    Each has its own, the same every night, so that the channel is never asked by all at once.
    """
    share: float = int.from_bytes(hashlib.sha256(str(device_id).encode()).digest()[:4], "big") / 2**32
    return begun + share * night.length


def wanted(device_id: int, tested: LastTest, night: Night, now: datetime) -> bool:
    """Whether a device is to be tested by itself now: its minute of this night has come and it is due.

    A minute that was missed (the service was down) is made up for until the night ends. What failed is
    asked again every night.
    """
    plan = PLANS.get(tested.kind)
    if plan is None or not tested.active or tested.open:
        return False
    if tested.kind in ASKED_WHILE_HEARD:
        if not tested.live:
            return False
        if tested.at is None or now >= tested.at + plan.every:
            return True
    begun = night_begun(night, now)
    if begun is None or now < slot(device_id, night, begun):
        return False
    if tested.at is None:
        return True
    every = plan.every if tested.passed else _DAY
    return tested.at < begun and now - tested.at >= every - TESTED_THE_DAY_BEFORE
