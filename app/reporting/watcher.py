"""Looks at what is due to be reported once a second: time passes without anybody's doing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog

from app.background import Lookout
from app.clock import Clock
from app.db import Database, Tx
from app.reporting.actions.ring import ring
from app.reporting.actions.take_up import take_up, tell_taken_up
from app.reporting.rulebook import store as rulebook
from app.reporting.rulebook.in_force import in_force
from app.reporting.settings import Reporting
from app.reporting.store import dues as store

log = structlog.get_logger()
LOOK_EVERY_S = 1.0
AT_ONCE = 100  # incidents a look takes up new rules for
LINGERS = timedelta(minutes=1)  # longer than any transaction that began under the rules before


class ReportWatch(Lookout):
    """Runs on every node; the incidents' locks see to it that each alarm is given once."""

    def __init__(self, database: Database, clock: Clock, stream: str, policy: Reporting) -> None:
        super().__init__("reporting", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._policy = policy
        self._taken_up: tuple[str, datetime] | None = None  # by which rules all is reckoned, since when

    async def look(self) -> int:
        """Take up new rules, then give every alarm that is due, an incident a transaction; return how many.

        One in trouble is told to the log and tried again next time: the others do not wait for it.
        """
        async with self._database.transaction() as tx:
            behind = await self._behind(tx)
            found = await store.ringing(tx, self._stream, self._clock.now())
        await self._take_up(behind)
        await self._each(found, ring)
        return len(behind) + len(found)

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
        self, found: Sequence[int], work: Callable[[Tx, str, Reporting, int, datetime], Awaitable[None]]
    ) -> None:
        trouble: Exception | None = None
        for incident_id in found:
            try:
                async with self._database.transaction() as tx:
                    await work(tx, self._stream, self._policy, incident_id, self._clock.now())
            except Exception as error:
                log.exception("report_watch_failed", work=work.__name__, incident=incident_id)
                trouble = error
        if trouble is not None:
            raise trouble
