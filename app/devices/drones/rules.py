"""When a drone is in trouble, by what it told or failed to tell. Pure.

Each rule knows whether the trouble is told already (`stands`), so that a value that wavers around a limit is
one alarm and not ten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Verdict = Literal["begins", "ends"] | None
Link = Literal["live", "lost", "silent", "never_heard"]
AIRBORNE = frozenset({"in_air", "taking_off", "landing"})
MANY_YEARS_S = 400 * 366 * 86_400


@dataclass(frozen=True, slots=True)
class DroneLimits:
    """The county's limits (drones.yaml)."""

    low_pct: float = 30
    charged_pct: float = 40
    link_lost: timedelta = timedelta(seconds=30)
    clock_off: timedelta = timedelta(minutes=5)

    def __post_init__(self) -> None:
        """Refuse limits between which a battery would be told again and again."""
        if self.charged_pct <= self.low_pct:
            raise ValueError(
                "charged_pct 须大于 low_pct,否则会反复告警 / charged_pct must lie above low_pct: "
                "between them nothing is told again"
            )


def flies(facts: Mapping[str, object]) -> bool:
    """Whether a drone is in the air: as it says itself, else as long as its motors run."""
    landed = facts.get("landed")
    return landed in AIRBORNE if landed is not None else facts.get("motors") == "armed"


def battery(pct: float | None, facts: Mapping[str, object], limits: DroneLimits, *, stands: bool) -> Verdict:
    """Judge a battery: it is a trouble in the air only; on the ground somebody changes it."""
    if pct is None or facts.get("battery") == "unknown":
        return None
    if stands:
        return "ends" if pct >= limits.charged_pct else None
    return "begins" if flies(facts) and pct <= limits.low_pct else None


def link(
    heard_at: datetime | None,
    facts: Mapping[str, object],
    now: datetime,
    limits: DroneLimits,
    *,
    stands: bool,
) -> Verdict:
    """Judge a link: lost when a drone in the air says nothing. One on the ground was switched off."""
    if heard_at is None:
        return None
    heard = now - heard_at <= limits.link_lost
    if stands:
        return "ends" if heard else None
    return "begins" if flies(facts) and not heard else None


def clock(facts: Mapping[str, object], *, stands: bool) -> Verdict:
    """Judge a clock: `clock_off_s` is 0 while it is right, and not there where the drone told no time."""
    off = facts.get("clock_off_s")
    if not isinstance(off, int | float) or isinstance(off, bool):
        return None
    if stands:
        return "ends" if off == 0 else None
    return "begins" if off != 0 else None


def clock_off_s(told: datetime, now: datetime, limits: DroneLimits) -> int:
    """Return by how many seconds a clock is wrong, 0 where that is within the limit."""
    off = told - now
    return 0 if abs(off) <= limits.clock_off else int(off.total_seconds())


def link_of(
    heard_at: datetime | None, facts: Mapping[str, object], now: datetime, limits: DroneLimits
) -> Link:
    """Say in one word how the link to a drone stands; silent on the ground is not lost."""
    if heard_at is None:
        return "never_heard"
    if now - heard_at <= limits.link_lost:
        return "live"
    return "lost" if flies(facts) else "silent"


@dataclass(frozen=True, slots=True)
class Passing:
    """A drone left the ground or came back to it."""

    name: Literal["took_off", "touched_down"]


def passing(before: str | None, after: str | None) -> Passing | None:
    """Return what happened between two words about ground and air; nothing is read into a first word."""
    if before == "on_ground" and after in AIRBORNE:
        return Passing("took_off")
    if before in AIRBORNE and after == "on_ground":
        return Passing("touched_down")
    return None


BACKWARDS = 60_000
"""Milliseconds by which a message may be older than the last and count as late; more: a clock was set."""


def is_late(last_ms: int | None, this_ms: int) -> bool:
    """Whether a message is older than one that was heard already: its place is past."""
    return last_ms is not None and 0 < last_ms - this_ms <= BACKWARDS


def off_words(off_s: int) -> tuple[str, str]:
    """Say how wrong a clock is, in both languages: in the unit that says it best."""
    size = abs(off_s)
    ahead = off_s > 0
    for unit_s, zh, en in ((31_557_600, "年", "years"), (86_400, "天", "days"), (3_600, "小时", "h")):
        if size >= unit_s:
            return _said(size / unit_s, zh, en, ahead=ahead)
    return _said(size / 60, "分钟", "min", ahead=ahead)


def _said(count: float, zh: str, en: str, *, ahead: bool) -> tuple[str, str]:
    told = f"{count:.0f}" if count >= 10 else f"{count:.1f}".removesuffix(".0")
    return f"{'快' if ahead else '慢'} {told} {zh}", f"{told} {en} {'fast' if ahead else 'slow'}"


def video_of(sn: str, facts: Mapping[str, object]) -> str | None:
    """Return the name of the stream of a drone: as its dock told, else its first camera's default."""
    told = facts.get("video_id")
    if isinstance(told, str) and told.startswith(f"{sn}/"):
        return told
    camera = facts.get("camera")
    return f"{sn}/{camera}/normal-0" if isinstance(camera, str) and camera else None
