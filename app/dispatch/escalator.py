"""The clock that watches for silence: wakes once a second, takes what is due, one transaction each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from app.background import Lookout
from app.clock import Clock
from app.db import Database, Tx
from app.delivery.notices import actions as notices
from app.dispatch.actions.escalate import Stuck, escalate_one, put_off
from app.dispatch.actions.silence import silence_one
from app.dispatch.actions.watch import watch_one
from app.dispatch.lifecycle.actions.schedule import begin_one
from app.dispatch.maintenance.actions import end_one
from app.dispatch.reservation.actions import commit_one
from app.dispatch.settings import DispatchRules

log = structlog.get_logger()
LOOK_EVERY_S = 1.0


class Escalator(Lookout):
    """The leader looks; the rows' locks see to it that each rung is taken once."""

    def __init__(self, database: Database, clock: Clock, rules: DispatchRules) -> None:
        super().__init__("escalator", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._rules = rules

    async def look(self) -> int:
        """Do everything that is due now; return how much. A rung in trouble is put off."""
        works = (end_one, begin_one, escalate_one, watch_one, commit_one, silence_one)
        return await self._follow_notices() + sum([await self._all(take) for take in works])

    async def _all(self, take: Callable[[Tx, datetime, DispatchRules], Awaitable[bool]]) -> int:
        taken = 0
        while True:
            now = self._clock.now()
            try:
                async with self._database.transaction() as tx:
                    if not await take(tx, now, self._rules):
                        return taken
                taken += 1
            except Stuck as stuck:
                log.error("escalation_stuck", assignment=stuck.assignment_id, exc_info=stuck)
                async with self._database.transaction() as tx:
                    await put_off(tx, stuck.assignment_id, now)

    async def _follow_notices(self) -> int:
        """Send the SMS of every notice that was not opened in time."""
        sent = 0
        while True:
            async with self._database.transaction() as tx:
                if not await notices.follow(tx, self._clock.now()):
                    return sent
            sent += 1
