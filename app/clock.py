"""One clock. `now` comes from the edge; tests and drills set it. Storage is aware UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the time as aware UTC."""

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's present instant, aware UTC."""
        return datetime.now(UTC)  # the one place that asks the machine


class SetClock:
    """A clock that stands still until it is moved: for tests, drills and replay."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the instant the clock was set to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the clock forward."""
        self._now += by
