"""Looks at what runs out of date once an hour: midnight comes without anybody's doing."""

from __future__ import annotations

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.supplies.actions import expiry
from app.supplies.settings import SupplyPolicy

LOOK_EVERY_S = 3600.0


class ExpiryWatch(Lookout):
    """One a process; the rows see to it that each stage is told once."""

    def __init__(self, database: Database, clock: Clock, stream: str, policy: SupplyPolicy) -> None:
        super().__init__("supplies", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._policy = policy

    async def look(self) -> int:
        """Tell what has reached a new stage; return how many lots."""
        async with self._database.transaction() as tx:
            return await expiry.watch(tx, self._stream, self._policy, self._clock.now())
