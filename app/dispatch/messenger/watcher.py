"""Looks every so often for who is not back in time."""

from __future__ import annotations

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.dispatch.messenger import actions

LOOK_EVERY_S = 10.0


class Messengers(Lookout):
    """Runs on every node; the rows see to it that everything is told once."""

    def __init__(self, database: Database, clock: Clock, stream: str) -> None:
        super().__init__("messengers", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream

    async def look(self) -> int:
        """Tell what is new; return how much that is."""
        async with self._database.transaction() as tx:
            return await actions.look(tx, self._stream, self._clock.now())
