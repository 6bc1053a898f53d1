"""Positions are written in batches; whoever reported one is answered after the commit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

import structlog

from app import tracing
from app.background import MANY_FAILURES, alongside
from app.clock import Clock
from app.db import Database
from app.devices.metrics import POSITION_SECONDS, POSITIONS, STORE_SECONDS
from app.org import store as org
from app.tracking import store as tracking
from app.tracking.store import Heard

log = structlog.get_logger()
FLUSH_EVERY_S = 0.2
MAX_WAITING = 20_000  # rows; beyond it the links wait, so memory stays flat when the database is slow


class Recorder:
    """Collects positions and flushes them together with "this device was heard"."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._rows: list[Heard] = []
        self._touched: dict[int, str] = {}
        self._told: dict[int, dict[str, object]] = {}
        self._flushed: asyncio.Future[None] | None = None
        self._room = asyncio.Event()
        self._room.set()
        self.failures = 0
        self._in_a_row = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Recorder]:
        """Flush five times a second while the block lasts, and once more at the end."""
        try:
            async with alongside(self._run()):
                yield self
        finally:
            await self.flush()

    async def record(self, rows: list[Heard]) -> asyncio.Future[None]:
        """Take positions in; the future is done when they are committed, failed when they were not."""
        await self._room.wait()
        self._rows.extend(rows)
        if len(self._rows) >= MAX_WAITING:
            self._room.clear()
        return self._next()

    def touch(self, device_id: int, via: str = "") -> None:
        """Note that a device was heard, whatever it said, and through which driver."""
        self._touched[device_id] = via or self._touched.get(device_id, "")

    def note_health(self, device_id: int, facts: Mapping[str, object]) -> None:
        """Keep what a device tells of itself (battery, signal, firmware); the latest word wins."""
        self._told.setdefault(device_id, {}).update(facts)

    def health(self) -> dict[str, object]:
        """Return how many rows wait and how many flushes failed; from five in a row on it is not well."""
        well = self._room.is_set() and self._in_a_row < MANY_FAILURES
        return {"ok": well, "waiting": len(self._rows), "failures": self.failures}

    async def flush(self) -> None:
        """Write what has been collected, in one transaction."""
        rows, self._rows = self._rows, []
        touched, self._touched = self._touched, {}
        told, self._told = self._told, {}
        done, self._flushed = self._flushed, None
        self._room.set()
        if not rows and not touched and not told:
            if done and not done.done():  # whoever waited may have left
                done.set_result(None)
            return
        try:
            with STORE_SECONDS.time(), _traced(rows):
                async with self._database.transaction() as tx:
                    tracing.appended(tx.info, tracing.POSITIONS)
                    await tracking.write_many(tx, rows)
                    await org.touch_devices(tx, touched, self._clock.now())
                    if told:
                        await org.note_health(tx, told, self._clock.now())
        except Exception as error:  # noqa: BLE001  the devices are not answered and will repeat
            self.failures += 1
            self._in_a_row += 1
            log.error("positions_not_stored", rows=len(rows), error=repr(error))
            if done and not done.done():  # whoever waited may have left
                done.set_exception(error)
                done.exception()  # somebody may have left meanwhile
            return
        self._in_a_row = 0
        POSITIONS.inc(len(rows))
        if rows:
            waited = self._clock.now() - min(row.heard_at for row in rows)
            POSITION_SECONDS.observe(max(0.0, waited.total_seconds()))
        if done and not done.done():  # whoever waited may have left
            done.set_result(None)

    def _next(self) -> asyncio.Future[None]:
        if self._flushed is None:
            self._flushed = asyncio.get_running_loop().create_future()
        return self._flushed

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_EVERY_S)
            await self.flush()


def _traced(rows: list[Heard]) -> AbstractContextManager[None]:
    """Trace a batch from the instant its oldest position was heard."""
    return (
        tracing.span("positions", min(row.heard_at for row in rows), rows=len(rows))
        if rows
        else nullcontext()
    )
