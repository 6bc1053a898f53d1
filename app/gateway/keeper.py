"""Keep this, at the edge: what devices say stands on disk before they are answered.

Positions are written together, five times a second: each write waits for the disk. Whatever else is said
is written at once, behind the positions that came before it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import structlog

from app.background import alongside
from app.clock import Clock
from app.devices.adapter import Reading
from app.devices.ports import Directory
from app.gateway.core import Core, events_of
from app.org.store import DeviceFact
from app.signals import Fix, Health, Receipt, Talk

log = structlog.get_logger()
FLUSH_EVERY_S = 0.2

Settle = Callable[[str, Receipt], None]


def _nobody(_: str, __: Receipt) -> None:
    """Do nothing with an answer."""


class EdgeKeeper:
    """Keeps for one channel. `settle` is told the answers of devices; `once`: see `Core.hear`."""

    def __init__(self, core: Core, channel: str, settle: Settle = _nobody, *, once: bool = False) -> None:
        self._core = core
        self._channel = channel
        self._settle = settle
        self._once = once
        self._waiting: list[Reading] = []
        self._stored: asyncio.Future[None] | None = None
        self.failures = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[EdgeKeeper]:
        """Write while the block lasts, and once more at its end."""
        try:
            async with alongside(self._run()):
                yield self
        finally:
            self.flush()

    async def hear(self, device: DeviceFact, reading: Reading, via: str = "") -> asyncio.Future[None] | None:
        """Keep a reading: on disk when this returns, or when the future is done. Raises sqlite3.Error."""
        if not any(events_of(signal) for signal in reading.signals):
            return None
        reading = replace(reading, sender=device.number)  # who speaks may be known better than it says
        if all(isinstance(signal, Fix | Health) for signal in reading.signals):
            self._waiting.append(reading)
            if self._stored is None:
                self._stored = asyncio.get_running_loop().create_future()
            return self._stored
        self.flush()
        self._core.hear(reading, self._channel, once=self._once)
        return None

    async def hear_receipt(
        self, channel: str, wire_ref: str, receipt: Receipt, device_id: int | None
    ) -> None:
        """Let a device's answer settle the command it belongs to."""
        self._settle(f"{device_id}:{wire_ref}", receipt)

    async def hear_talk(self, stream: str, via: str, talk: Talk) -> None:
        """Keep who talks: at the edge everybody is known by the number alone, so `hear` does it."""

    def note(self, device_id: int, facts: Mapping[str, object], via: str = "") -> None:
        """Keep nothing: the centre judges by itself who fell silent."""

    def flush(self) -> None:
        """Write the positions that wait; whoever sent them is answered, or not when the disk failed."""
        readings, self._waiting = self._waiting, []
        done, self._stored = self._stored, None
        if not readings:
            return
        try:
            with self._core.together():
                for reading in readings:
                    self._core.hear(reading, self._channel, once=self._once)
        except sqlite3.Error as error:
            self.failures += 1
            log.error("gateway_positions_not_stored", positions=len(readings), error=str(error))
            if done and not done.done():
                done.set_exception(error)
                done.exception()  # somebody may have left meanwhile
            return
        if done and not done.done():
            done.set_result(None)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_EVERY_S)
            self.flush()


@dataclass(frozen=True, slots=True)
class EdgeBench:
    """What the ear of a driver works with at the edge."""

    clock: Clock
    register: Directory
    pump: EdgeKeeper
    stream: str = ""
