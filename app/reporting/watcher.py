"""Looks at what is due to be reported once a second: time passes without anybody's doing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from app.background import Rounds
from app.clock import Clock
from app.db import Database
from app.reporting.actions.ring import ring
from app.reporting.settings import Reporting
from app.reporting.store import dues as store

log = structlog.get_logger()
LOOK_EVERY_S = 1.0


class ReportWatch:
    """Runs on every node; the incidents' locks see to it that each alarm is given once."""

    def __init__(self, database: Database, clock: Clock, stream: str, policy: Reporting) -> None:
        self._database = database
        self._clock = clock
        self._stream = stream
        self._policy = policy
        self._rounds = Rounds("reporting", LOOK_EVERY_S)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[ReportWatch]:
        """Watch while the block lasts."""
        async with self._rounds.walked(self.look):
            yield self

    async def look(self) -> int:
        """Give every alarm that is due, an incident a transaction; return of how many incidents.

        One in trouble is told to the log and tried again next time: the others do not wait for it.
        """
        async with self._database.transaction() as tx:
            found = await store.ringing(tx, self._stream, self._clock.now())
        trouble: Exception | None = None
        for incident_id in found:
            try:
                async with self._database.transaction() as tx:
                    await ring(tx, self._stream, self._policy, incident_id, self._clock.now())
            except Exception as error:
                log.exception("report_alarm_failed", incident=incident_id)
                trouble = error
        if trouble is not None:
            raise trouble
        return len(found)

    def health(self) -> dict[str, object]:
        """Return how often looking failed in a row: deadlines would pass unnoticed."""
        return self._rounds.health()
