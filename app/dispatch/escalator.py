"""The clock that watches for silence: wakes once a second, takes what is due, one transaction each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from app.background import Rounds
from app.clock import Clock
from app.db import Database
from app.delivery.notices import actions as notices
from app.delivery.rules import Limits
from app.dispatch.actions.escalate import Stuck, escalate_one, put_off

log = structlog.get_logger()
LOOK_EVERY_S = 1.0


class Escalator:
    """Runs on every node; the rows' locks see to it that each rung is taken once."""

    def __init__(self, database: Database, clock: Clock, limits: Limits) -> None:
        self._database = database
        self._clock = clock
        self._limits = limits
        self._rounds = Rounds("escalator", LOOK_EVERY_S)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Escalator]:
        """Watch while the block lasts."""
        async with self._rounds.walked(self.look):
            yield self

    async def look(self) -> int:
        """Take every rung and SMS that is due now; return how many. A rung in trouble is put off."""
        taken = await self._follow_notices()
        while True:
            now = self._clock.now()
            try:
                async with self._database.transaction() as tx:
                    if not await escalate_one(tx, now, self._limits):
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

    def health(self) -> dict[str, object]:
        """Return how often looking failed in a row: silence would go unnoticed."""
        return self._rounds.health()
