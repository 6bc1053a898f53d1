"""Looks at round-ups every few seconds: what is asked, reminded and called by the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from app.background import Rounds
from app.clock import Clock
from app.db import Database
from app.dispatch.status_call.actions import repeats

LOOK_EVERY_S = 5.0


class RoundUps:
    """Runs on every node; the rows see to it that everything is asked, reminded and called once."""

    def __init__(self, database: Database, clock: Clock, stream: str, zone: ZoneInfo) -> None:
        self._database = database
        self._clock = clock
        self._stream = stream
        self._zone = zone
        self._rounds = Rounds("status_calls", LOOK_EVERY_S)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[RoundUps]:
        """Look while the block lasts."""
        async with self._rounds.walked(self.look):
            yield self

    async def look(self) -> int:
        """Do what is due; return how much was done."""
        async with self._database.transaction() as tx:
            return await repeats.look(tx, self._stream, self._clock.now(), self._zone)

    def health(self) -> dict[str, object]:
        """Return how often looking failed in a row."""
        return self._rounds.health()
