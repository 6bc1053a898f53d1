"""One clock. `now` comes from the edge; tests and drills set it. Storage is aware UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the time as aware UTC."""

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        ...

    def steady_s(self) -> float:
        """Return seconds of a clock that nobody sets: only differences mean something."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's present instant, aware UTC."""
        return datetime.now(UTC)  # the one place that asks the machine

    def steady_s(self) -> float:
        """Return seconds since some start, which no NTP and no hand sets."""
        return time.monotonic()


class SetClock:
    """A clock that stands still until it is moved: for tests, drills and replay."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._steady_s = 0.0

    def now(self) -> datetime:
        """Return the instant the clock was set to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the clock forward."""
        self._now += by
        self._steady_s += by.total_seconds()

    def steady_s(self) -> float:
        """Return the seconds by which it was moved."""
        return self._steady_s

    def step(self, by: timedelta) -> None:
        """Set it forward or back, as NTP or a hand sets a machine's: no time has passed."""
        self._now += by
