"""Asks those who are called, where a link can, a few at a time; and ticks whoever talks on the air."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from app.background import Handful, Rounds
from app.clock import Clock
from app.db import Database
from app.devices.roll_call import actions, store
from app.devices.testing.prober import Prober
from app.org import store as org
from app.org.store import DeviceFact

log = structlog.get_logger()
LOOK_EVERY_S = 1.0
AT_ONCE = 4
LONGEST_PROBE_S = 60.0


class Asker:
    """One a process. A call that is cut off by the end of the process is left to the ear."""

    def __init__(self, database: Database, clock: Clock, stream: str, prober: Prober) -> None:
        self._database = database
        self._clock = clock
        self._stream = stream
        self._prober = prober
        self._running = Handful(AT_ONCE)
        self._rounds = Rounds("asker", LOOK_EVERY_S)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Asker]:
        """Ask while the block lasts."""
        async with self._running.held(), self._rounds.walked(self.look):
            yield self

    async def look(self) -> None:
        """Tick those heard on the air and begin to ask the next few."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            heard = await store.heard_on_air(tx, self._stream)
        for row in heard:
            async with self._database.transaction() as tx:
                await actions.tick(tx, self._stream, row.roll_call_id, row.device_id, "on_air", row.at, now)
        if not (room := self._running.room):
            return
        async with self._database.transaction() as tx:
            taken = await store.take_unasked(tx, self._stream, self._prober.names, now, room)
            devices = [await org.device_by_id(tx, self._stream, row.device_id) for row in taken]
        for row, device in zip(taken, devices, strict=True):
            if device is not None and self._prober.might_ask(device.id, device.heard_via):
                self._running.begin(self._ask(row.roll_call_id, device))

    async def settled(self) -> None:
        """Wait until everybody who is being asked has answered or not."""
        await self._running.settled()

    def health(self) -> dict[str, object]:
        """Return how many are being asked and how often looking failed in a row."""
        return self._rounds.health(asking=len(self._running))

    async def _ask(self, roll_call_id: int, device: DeviceFact) -> None:
        try:
            async with asyncio.timeout(LONGEST_PROBE_S):
                probed = await self._prober.ask(device)
            async with self._database.transaction() as tx:
                now = self._clock.now()
                await actions.note_probe(tx, self._stream, roll_call_id, device.id, probed, now)
        except Exception as error:  # a link's trouble: the device can still be ticked by ear
            log.error("roll_call_probe_failed", device=device.id, error=repr(error), exc_info=error)
