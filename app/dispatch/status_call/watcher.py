"""Looks at round-ups every few seconds: what is asked, reminded and called by the clock."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.dispatch.status_call.actions import repeats

LOOK_EVERY_S = 5.0


class RoundUps(Lookout):
    """Runs on every node; the rows see to it that everything is asked, reminded and called once."""

    def __init__(self, database: Database, clock: Clock, stream: str, zone: ZoneInfo) -> None:
        super().__init__("status_calls", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._zone = zone

    async def look(self) -> int:
        """Do what is due; return how much was done."""
        async with self._database.transaction() as tx:
            return await repeats.look(tx, self._stream, self._clock.now(), self._zone)
