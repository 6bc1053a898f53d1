"""Looks every so often for who is not back in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.background import Rounds
from app.clock import Clock
from app.db import Database
from app.dispatch.messenger import actions

LOOK_EVERY_S = 10.0


class Messengers:
    """Runs on every node; the rows see to it that everything is told once."""

    def __init__(self, database: Database, clock: Clock, stream: str) -> None:
        self._database = database
        self._clock = clock
        self._stream = stream
        self._rounds = Rounds("messengers", LOOK_EVERY_S)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Messengers]:
        """Look while the block lasts."""
        async with self._rounds.walked(self.look):
            yield self

    async def look(self) -> int:
        """Tell what is new; return how much that is."""
        async with self._database.transaction() as tx:
            return await actions.look(tx, self._stream, self._clock.now())

    def health(self) -> dict[str, object]:
        """Return how often looking failed in a row."""
        return self._rounds.health()
