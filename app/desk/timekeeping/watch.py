"""Looks at the clock of this node every few seconds, beside one that nobody can set."""

from __future__ import annotations

import socket
from datetime import timedelta

import structlog

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.desk.timekeeping import actions
from app.desk.timekeeping.rules import Reading, expected, step_between

log = structlog.get_logger()
NAME = "clock"
LOOK_EVERY_S = 5.0
UNSURE = timedelta(minutes=10)
"""So long after a step the part is not well: whoever keeps the machine has to look why."""


class ClockWatch(Lookout):
    """Each node watches its own clock. What happened while it was off it cannot know."""

    def __init__(self, database: Database, clock: Clock, stream: str) -> None:
        super().__init__(NAME, LOOK_EVERY_S)
        self._database, self._clock, self._stream = database, clock, stream
        self._last: Reading | None = None
        self._untold: Reading | None = None  # the look before a step that could not be written yet
        self._stepped: tuple[float, float] | None = None  # by how much, and when on the steady clock
        self._node = socket.gethostname()

    async def look(self) -> bool:
        """Note a step since the last look. Raises when the database is away: it is noted later."""
        now = Reading(self._clock.now(), self._clock.steady_s())
        before = self._untold or self._last
        self._last = now
        if before is None or (step := step_between(before, now)) is None:
            self._untold = None
            return False
        self._untold = before
        self._stepped = (step.total_seconds(), now.steady_s)
        log.error("clock_stepped", by_s=step.total_seconds())
        async with self._database.transaction() as tx:
            await actions.note(tx, self._stream, self._node, expected(before, now), now.wall)
        self._untold = None
        return True

    def health(self) -> dict[str, object]:
        """Return whether the clock went evenly of late, and the last step."""
        told = self._rounds.health()
        if self._stepped is None:
            return told
        by_s, at = self._stepped
        ago = self._clock.steady_s() - at
        well = bool(told["ok"]) and ago >= UNSURE.total_seconds()
        return {**told, "ok": well, "last_step_s": round(by_s, 1), "stepped_ago_s": round(ago)}
