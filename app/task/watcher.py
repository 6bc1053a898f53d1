"""Looks twice a minute whether a department that a whistle called has not come in time."""

from __future__ import annotations

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.task import actions, store

LOOK_EVERY_S = 30.0


class Whistles(Lookout):
    """The leader looks; the task's row is locked, so that each is told once."""

    def __init__(self, database: Database, clock: Clock, stream: str) -> None:
        super().__init__("whistles", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream

    async def look(self) -> int:
        """Tell of whom nobody saw in time; return how many whistles that concerned."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            waiting = await store.uncalled_for(tx, self._stream, now)
        told = 0
        for task_id in waiting:
            async with self._database.transaction() as tx:
                told += await actions.overdue(tx, self._stream, task_id, now)
        return told
