"""All rules of the watch asked about one device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.devices.watch.rules import LOW_PCT, Expected, area, battery, silence
from app.devices.watch.store import Watched
from app.tracking.distance import distance_m

Kind = Literal["low_battery", "silent", "left_area"]
KINDS: tuple[Kind, ...] = ("low_battery", "silent", "left_area")


@dataclass(frozen=True, slots=True)
class Finding:
    """A trouble that begins or ends, with the words of its alarm."""

    device_id: int
    kind: Kind
    verdict: Literal["begins", "ends"]
    text: str = ""


def findings(watched: Watched, now: datetime) -> Iterator[Finding]:
    """Yield what changed with this device; one that is switched off is in no trouble."""
    device_id = watched.device_id
    if not watched.active:
        yield from (Finding(device_id, kind, "ends") for kind in KINDS if kind in watched.stands)
        return
    low = battery(
        watched.kind, watched.battery_pct, watched.health_at, now, stands="low_battery" in watched.stands
    )
    if low:
        yield Finding(device_id, "low_battery", low, _battery_words(watched))
    expected = Expected(watched.kind, watched.vouched, watched.engaged_at)
    if gone := silence(expected, watched.heard_at, now, stands="silent" in watched.stands):
        yield Finding(device_id, "silent", gone, _silence_words(watched, now))
    if left := _left(watched):
        yield left


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
