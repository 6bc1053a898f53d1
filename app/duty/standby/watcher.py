"""Looks at everybody's readiness every half minute: midnight and 08:30 come without anybody's doing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.background import Rounds
from app.clock import Clock
from app.db import Database
from app.duty.standby.actions import alert
from app.duty.standby.rules.rulebook import Rulebook

LOOK_EVERY_S = 30.0


class Muster:
    """One a process; the rows see to it that what is short is told once."""

    def __init__(self, database: Database, clock: Clock, stream: str, book: Rulebook) -> None:
        self._database = database
        self._clock = clock
        self._stream = stream
        self._book = book
        self._rounds = Rounds("readiness", LOOK_EVERY_S)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Muster]:
        """Watch while the block lasts."""
        async with self._rounds.walked(self.look):
            yield self

    async def look(self) -> int:
        """Tell who became short, is late, or is in order again; return how much was told."""
        async with self._database.transaction() as tx:
            return await alert.watch(tx, self._stream, self._book, self._clock.now())

    def health(self) -> dict[str, object]:
        """Return how often looking failed in a row."""
        return self._rounds.health()
