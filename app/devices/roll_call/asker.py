"""Asks those who are called, where a link can, a few at a time; and ticks whoever talks on the air."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from app.background import alongside
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
        self._running: set[asyncio.Task[None]] = set()
        self.failures = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Asker]:
        """Ask while the block lasts."""
        try:
            async with alongside(self._run()):
                yield self
        finally:
            for task in list(self._running):
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def look(self) -> None:
        """Tick those heard on the air and begin to ask the next few."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            heard = await store.heard_on_air(tx, self._stream)
        for row in heard:
            async with self._database.transaction() as tx:
                await actions.tick(tx, self._stream, row.roll_call_id, row.device_id, "on_air", row.at, now)
        room = AT_ONCE - len(self._running)
        if room <= 0:
            return
        async with self._database.transaction() as tx:
            taken = await store.take_unasked(tx, self._stream, self._prober.names, now, room)
            devices = [await org.device_by_id(tx, self._stream, row.device_id) for row in taken]
        for row, device in zip(taken, devices, strict=True):
            if device is not None and self._prober.might_ask(device.id, device.heard_via):
                task = asyncio.create_task(self._ask(row.roll_call_id, device))
                self._running.add(task)
                task.add_done_callback(self._running.discard)

    async def settled(self) -> None:
        """Wait until everybody who is being asked has answered or not."""
        await asyncio.gather(*self._running)

    def health(self) -> dict[str, object]:
        """Return how many are being asked and how often looking failed in a row."""
        return {"ok": self.failures < 5, "asking": len(self._running), "failures": self.failures}

    async def _ask(self, roll_call_id: int, device: DeviceFact) -> None:
        try:
            async with asyncio.timeout(LONGEST_PROBE_S):
                probed = await self._prober.ask(device)
            async with self._database.transaction() as tx:
                now = self._clock.now()
                await actions.note_probe(tx, self._stream, roll_call_id, device.id, probed, now)
        except Exception as error:  # a link's trouble: the device can still be ticked by ear
            log.error("roll_call_probe_failed", device=device.id, error=repr(error), exc_info=error)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
                self.failures = 0
            except Exception as error:  # noqa: BLE001  the database may be away; the rows are not
                self.failures += 1
                log.error("roll_call_failed", error=repr(error))
            await asyncio.sleep(LOOK_EVERY_S)
