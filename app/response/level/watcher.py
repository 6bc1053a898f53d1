"""Looks every few seconds whether duty follows the responses in force."""

from __future__ import annotations

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.duty.standby.rules.rulebook import Rulebook
from app.response.level.actions.following import follow

LOOK_EVERY_S = 2.0


class ResponseWatch(Lookout):
    """The leader looks; the row of the duty sees to it that everything is begun and ended once."""

    def __init__(self, database: Database, clock: Clock, stream: str, readiness: Rulebook) -> None:
        super().__init__("responses", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._readiness = readiness

    async def look(self) -> int:
        """Bring duty up to what is in force, drills apart; return how much changed."""
        done = 0
        for drill in (False, True):
            async with self._database.transaction() as tx:
                now = self._clock.now()
                today = self._readiness.today(now)
                done += await follow(tx, self._stream, now, self._readiness.zone, today, drill=drill)
        return done
