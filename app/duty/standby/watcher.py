"""Looks at everybody's readiness every half minute: midnight and 08:30 come without anybody's doing."""

from __future__ import annotations

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.duty.standby.actions import alert
from app.duty.standby.rules.rulebook import Rulebook

LOOK_EVERY_S = 30.0


class Muster(Lookout):
    """The leader looks; the rows see to it that what is short is told once."""

    def __init__(self, database: Database, clock: Clock, stream: str, book: Rulebook) -> None:
        super().__init__("readiness", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._book = book

    async def look(self) -> int:
        """Tell who became short, is late, or is in order again; return how much was told."""
        async with self._database.transaction() as tx:
            return await alert.watch(tx, self._stream, self._book, self._clock.now())
