"""Looks every second whether an inject of a running drill is due."""

from __future__ import annotations

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.exercise.actions.injecting import fire_due
from app.exercise.store import drills

LOOK_EVERY_S = 1.0


class DrillClock(Lookout):
    """The leader looks; the drill's row is locked, so that each inject comes once."""

    def __init__(self, database: Database, clock: Clock, stream: str) -> None:
        super().__init__("drills", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream

    async def look(self) -> int:
        """Let what is due come; return how much came."""
        async with self._database.transaction() as tx:
            running = await drills.under_way(tx, self._stream, ("running",))
        count = 0
        for drill_id in running:
            async with self._database.transaction() as tx:
                row = await drills.locked(tx, self._stream, drill_id)
                if row is not None and row.state == "running":
                    count += await fire_due(tx, row, self._clock.now())
        return count
