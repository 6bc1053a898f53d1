"""Looks at what is due to be reported once a second: time passes without anybody's doing."""

from __future__ import annotations

import structlog

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.reporting.actions.ring import ring
from app.reporting.settings import Reporting
from app.reporting.store import dues as store

log = structlog.get_logger()
LOOK_EVERY_S = 1.0


class ReportWatch(Lookout):
    """Runs on every node; the incidents' locks see to it that each alarm is given once."""

    def __init__(self, database: Database, clock: Clock, stream: str, policy: Reporting) -> None:
        super().__init__("reporting", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._policy = policy

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
