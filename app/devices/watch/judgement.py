"""All rules of the watch asked about one device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.devices.drones import rules as drones
from app.devices.drones.rules import DroneLimits
from app.devices.watch.rules import LOW_PCT, Expected, area, battery, silence
from app.devices.watch.store import Watched
from app.tracking.distance import distance_m

Kind = Literal["low_battery", "silent", "left_area", "fault"]
KINDS: tuple[Kind, ...] = ("low_battery", "silent", "left_area", "fault")
DRONE = "uav"
DRONE_LIMITS = DroneLimits()


@dataclass(frozen=True, slots=True)
class Finding:
    """A trouble that begins or ends, with the words of its alarm."""

    device_id: int
    kind: Kind
    verdict: Literal["begins", "ends"]
    text: str = ""


def findings(watched: Watched, now: datetime, limits: DroneLimits = DRONE_LIMITS) -> Iterator[Finding]:
    """Yield what changed with this device; one that is switched off is in no trouble."""
    device_id = watched.device_id
    if not watched.active:
        yield from (Finding(device_id, kind, "ends") for kind in KINDS if kind in watched.stands)
        return
    yield from _of_drone(watched, now, limits) if watched.kind == DRONE else _of_device(watched, now)
    if left := _left(watched):
        yield left


def _of_device(watched: Watched, now: datetime) -> Iterator[Finding]:
    """Judge battery and silence of what somebody carries, or what stands on a hill."""
    device_id = watched.device_id
    low = battery(
        watched.kind, watched.battery_pct, watched.health_at, now, stands="low_battery" in watched.stands
    )
    if low:
        yield Finding(device_id, "low_battery", low, _battery_words(watched))
    expected = Expected(watched.kind, watched.vouched, watched.engaged_at)
    if gone := silence(expected, watched.heard_at, now, stands="silent" in watched.stands):
        yield Finding(device_id, "silent", gone, _silence_words(watched, now))


def _of_drone(watched: Watched, now: datetime, limits: DroneLimits) -> Iterator[Finding]:
    """Judge a drone by what it tells of ground and air."""
    device_id, stands, facts = watched.device_id, watched.stands, watched.facts
    if low := drones.battery(watched.battery_pct, facts, limits, stands="low_battery" in stands):
        pct = watched.battery_pct or 0
        words = f"飞行中电量 {pct:.0f}%(下限 {limits.low_pct:.0f}%)/ in the air at {pct:.0f}% of its battery"
        yield Finding(device_id, "low_battery", low, words)
    if lost := drones.link(watched.heard_at, facts, now, limits, stands="silent" in stands):
        assert watched.heard_at is not None  # never heard is not lost
        silent_s = int((now - watched.heard_at).total_seconds())
        words = f"飞行中链路中断 {silent_s} 秒 / link lost in the air for {silent_s} s"
        yield Finding(device_id, "silent", lost, words)
    if wrong := drones.clock(facts, stands="fault" in stands):
        off = facts.get("clock_off_s")
        zh, en = drones.off_words(off) if isinstance(off, int) else ("", "")
        words = f"无人机时钟{zh},已按服务器时间记录 / its clock is {en}: server time is used"
        yield Finding(device_id, "fault", wrong, words)


def _left(watched: Watched) -> Finding | None:
    """Judge where a fenced device is; one whose fence was taken away is back."""
    stands = "left_area" in watched.stands
    if not watched.fenced or watched.place is None:
        return Finding(watched.device_id, "left_area", "ends") if stands else None
    away_km = distance_m(*watched.place, *watched.middle) / 1000
    verdict = area(away_km, watched.region_kind, stands=stands)
    words = f"距辖区中心 {away_km:.1f} km / {away_km:.1f} km from the middle of its area"
    return Finding(watched.device_id, "left_area", verdict, words) if verdict else None


def _battery_words(watched: Watched) -> str:
    pct = watched.battery_pct or 0
    return f"电量 {pct:.0f}%(下限 {LOW_PCT:.0f}%)/ battery {pct:.0f}%"


def _silence_words(watched: Watched, now: datetime) -> str:
    assert watched.heard_at is not None  # never heard is not lost
    minutes = int((now - watched.heard_at).total_seconds() // 60)
    return f"已 {minutes} 分钟未通联 / not heard for {minutes} min"
