"""Looks at what is due to be reported, and what is being verified, once a second: time passes by itself."""

from __future__ import annotations

import structlog

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.reporting.actions.ring import ring
from app.reporting.report.actions.reasking import ask_again
from app.reporting.report.store import reports
from app.reporting.settings import Reporting
from app.reporting.store import dues as store

log = structlog.get_logger()
LOOK_EVERY_S = 1.0
MOST_ASKS = 200


class ReportWatch(Lookout):
    """Runs on every node; the incidents' locks see to it that each alarm is given once."""

    def __init__(self, database: Database, clock: Clock, stream: str, policy: Reporting) -> None:
        super().__init__("reporting", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._policy = policy

    async def look(self) -> int:
        """Give every alarm that is due, ask again what is to be asked; return how many incidents and reports.

        Each has a transaction of its own. One in trouble is told to the log and tried again next time: the
        others do not wait for it.
        """
        async with self._database.transaction() as tx:
            rings = await store.ringing(tx, self._stream, self._clock.now())
            asks = await reports.to_ask(tx, self._stream, self._clock.now(), MOST_ASKS)
        works = [(ring, one) for one in rings] + [(ask_again, one) for one in asks]
        trouble: Exception | None = None
        for work, row_id in works:
            try:
                async with self._database.transaction() as tx:
                    await work(tx, self._stream, self._policy, row_id, self._clock.now())
            except Exception as error:
                log.exception("report_alarm_failed", what=work.__name__, row=row_id)
                trouble = error
        if trouble is not None:
            raise trouble
        return len(works)
