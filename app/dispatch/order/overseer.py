"""The clock that watches orders: wakes once a second, takes what is due, one transaction each."""

from __future__ import annotations

import structlog

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.dispatch.order.actions.issuing import Series
from app.dispatch.order.actions.supervising import put_off, supervise
from app.dispatch.order.store import parts

log = structlog.get_logger()
LOOK_EVERY_S = 1.0
MOST = 500  # in one look: the next look takes the rest


class Overseer(Lookout):
    """Runs on every node; the rows' locks see to it that each supervision fires once."""

    def __init__(self, database: Database, clock: Clock, stream: str, series: Series) -> None:
        super().__init__("orders", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._series = series

    async def look(self) -> int:
        """Take every supervision that is due now; return how many fired."""
        fired = 0
        for _ in range(MOST):
            now = self._clock.now()
            async with self._database.transaction() as tx:
                found = await parts.due(tx, self._stream, now)
            if found is None:
                break
            try:
                async with self._database.transaction() as tx:
                    fired += await supervise(tx, self._stream, *found, now, self._series)
            except Exception as error:  # one that cannot be taken must not hold up the others
                log.error("supervision_stuck", recipient=found[1], exc_info=error)
                async with self._database.transaction() as tx:
                    await put_off(tx, found[1], now)
        return fired
