"""Carries device tests out, a few at a time: what people asked for first, then what falls due by night."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from app.background import Handful, Rounds
from app.clock import Clock
from app.db import Database
from app.devices.driver import NotAsked, Probed
from app.devices.testing import actions
from app.devices.testing.actions import Taken
from app.devices.testing.prober import Prober
from app.devices.testing.rules import Night

log = structlog.get_logger()
LOOK_EVERY_S = 1.0
PLAN_EVERY = timedelta(seconds=30)
AT_ONCE = 4
LONGEST_PROBE_S = 180.0  # a driver has limits of its own; this one holds when it forgets


class Examiner:
    """One a process; several processes share the work through the rows."""

    def __init__(self, database: Database, clock: Clock, stream: str, prober: Prober, night: Night) -> None:
        self._database = database
        self._clock = clock
        self._stream = stream
        self._prober = prober
        self._night = night
        self._running = Handful(AT_ONCE)
        self._planned_at: datetime | None = None
        self._rounds = Rounds("examiner", LOOK_EVERY_S)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Examiner]:
        """Test while the block lasts; a test that is cut off is closed by whoever looks next."""
        async with self._running.held(), self._rounds.walked(self.look):
            yield self

    async def look(self) -> None:
        """Close what was left behind, plan the night, take up what waits."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await actions.give_up_left_behind(tx, self._stream, now)
        if self._planned_at is None or now - self._planned_at >= PLAN_EVERY:
            self._planned_at = now
            async with self._database.transaction() as tx:
                await actions.plan(
                    tx, self._stream, self._prober.names, self._night, self._prober.might_ask, now
                )
        if not (room := self._running.room):
            return
        async with self._database.transaction() as tx:
            taken = await actions.take(tx, self._stream, self._prober.names, room, now)
        for one in taken:  # committed: a process that dies from here on leaves a row that tells it
            self._running.begin(self._carry_out(one))

    async def settled(self) -> None:
        """Wait until every test that was taken up has ended."""
        await self._running.settled()

    def health(self) -> dict[str, object]:
        """Return how many tests run and how often looking failed in a row."""
        return self._rounds.health(running=len(self._running))

    async def _carry_out(self, taken: Taken) -> None:
        probed, why = None, ""
        try:
            async with asyncio.timeout(LONGEST_PROBE_S):
                probed = await self._prober.ask(taken.device, by_person=taken.by_person)
        except TimeoutError:
            probed = Probed(passed=False, method="no_answer", detail=f"> {LONGEST_PROBE_S:.0f} s")
        except NotAsked as error:
            why = str(error)
        except Exception as error:  # a link's trouble is not the device's
            log.error("device_probe_failed", device=taken.device.id, error=repr(error), exc_info=error)
            why = "link_failed"
        try:
            async with self._database.transaction() as tx:
                await actions.finish(tx, taken, probed, self._clock.now(), why=why)
        except Exception as error:  # noqa: BLE001  the row stays "running" and is closed at its deadline
            log.error("device_test_not_stored", test=taken.test_id, error=repr(error))
