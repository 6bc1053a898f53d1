"""Keeps the desk's own business going: open sheets follow what happens, matters ring when they fall due."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.desk.handover.actions.matters import ring_due
from app.desk.handover.actions.sheet import follow
from app.desk.handover.store import sheets

LOOK_EVERY_S = 5.0


class Keeper(Lookout):
    """The leader looks; a sheet's lock sees to it that each change is written once."""

    def __init__(self, database: Database, clock: Clock, stream: str, zone: ZoneInfo) -> None:
        super().__init__("handover_keeper", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._zone = zone

    async def look(self) -> int:
        """Tell what has fallen due, bring every open sheet up to what stands now; return how many changed."""
        async with self._database.transaction() as tx:
            await ring_due(tx, self._stream, self._clock.now())
        async with self._database.snapshot() as tx:
            waiting = await sheets.open_ids(tx, self._stream)
        changed = 0
        for handover_id in waiting:
            async with self._database.transaction() as tx:
                changed += await follow(tx, self._stream, handover_id, self._clock.now(), self._zone)
        return changed
