"""Looks at what is due to be reported, and what is being verified, once a second: time passes by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog

from app.background import Lookout
from app.clock import Clock
from app.db import Database, Tx
from app.reporting.actions.ring import ring
from app.reporting.actions.take_up import take_up, tell_taken_up
from app.reporting.report.actions.reasking import ask_again
from app.reporting.report.store import reports
from app.reporting.rulebook import store as rulebook
from app.reporting.rulebook.in_force import in_force
from app.reporting.settings import Reporting
from app.reporting.store import dues as store

log = structlog.get_logger()
LOOK_EVERY_S = 1.0
MOST_ASKS = 200
AT_ONCE = 100  # incidents a look takes up new rules for
LINGERS = timedelta(minutes=1)  # longer than any transaction that began under the rules before


class ReportWatch(Lookout):
    """The leader looks; the incidents' locks see to it that each alarm is given once."""

    def __init__(self, database: Database, clock: Clock, stream: str, policy: Reporting) -> None:
        super().__init__("reporting", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._policy = policy
        self._taken_up: tuple[str, datetime] | None = None  # by which rules all is reckoned, since when

    async def look(self) -> int:
        """Take up new rules, give every alarm that is due, ask again what is to be asked; return how many.

        Each has a transaction of its own. One in trouble is told to the log and tried again next time: the
        others do not wait for it.
        """
        async with self._database.transaction() as tx:
            behind = await self._behind(tx)
            found = await store.ringing(tx, self._stream, self._clock.now())
            asks = await reports.to_ask(tx, self._stream, self._clock.now(), MOST_ASKS)
        await self._take_up(behind)
        await self._each(found, ring)
        await self._each(asks, ask_again)
        return len(behind) + len(found) + len(asks)

    async def _behind(self, tx: Tx) -> Sequence[int]:
        """Return incidents that are reckoned by other rules than those of now."""
        now = self._clock.now()
        key = (await in_force(tx, self._policy, self._stream, now)).key
        if self._taken_up is None or self._taken_up[0] != key:
            self._taken_up = (key, now)
        elif now - self._taken_up[1] > LINGERS:
            return ()
        found = await rulebook.behind(tx, self._stream, key, AT_ONCE)
        if found:
            self._taken_up = (key, now)
        return found

    async def _take_up(self, behind: Sequence[int]) -> None:
        if not behind:
            return
        await self._each(behind, take_up)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            held = await in_force(tx, self._policy, self._stream, now)
            if held.id is not None:
                await tell_taken_up(tx, self._stream, held.id, len(behind), now)

    async def _each(
        self, found: Sequence[int], work: Callable[[Tx, str, Reporting, int, datetime], Awaitable[object]]
    ) -> None:
        trouble: Exception | None = None
        for row_id in found:
            try:
                async with self._database.transaction() as tx:
                    await work(tx, self._stream, self._policy, row_id, self._clock.now())
            except Exception as error:
                log.exception("report_watch_failed", work=work.__name__, row=row_id)
                trouble = error
        if trouble is not None:
            raise trouble
