"""Has somebody set the clock? The wall clock against one that nobody can set. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

STEP = timedelta(seconds=5)
"""From here on a difference between two looks is a step. NTP that slews takes an hour for two seconds."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Both clocks at one look: what the wall clock showed, and seconds of the one that only goes forward."""

    wall: datetime
    steady_s: float


def step_between(before: Reading, after: Reading, least: timedelta = STEP) -> timedelta | None:
    """Return by how much the wall clock was set between two looks, forward or back; None below `least`."""
    step = after.wall - expected(before, after)
    return step if abs(step) >= least else None


def expected(before: Reading, after: Reading) -> datetime:
    """Return what the wall clock would show had nobody set it."""
    return before.wall + timedelta(seconds=after.steady_s - before.steady_s)


def step_words(by_s: float) -> tuple[str, str]:
    """Return which way and how far, in both languages."""
    minutes, seconds = divmod(round(abs(by_s)), 60)
    zh = f"{minutes}分{seconds:02d}秒" if minutes else f"{seconds}秒"
    en = f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"
    return (f"拨快{zh}", f"{en} forward") if by_s > 0 else (f"拨慢{zh}", f"{en} back")
