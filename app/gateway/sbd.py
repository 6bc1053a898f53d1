"""The gateway's Iridium SBD modem: short data both ways, heard by the centre's own driver."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from app.background import alongside
from app.clock import Clock
from app.delivery.rules import SLOW_FEEDBACK_LIMITS
from app.devices.adapters.payload import sanitise
from app.devices.adapters.sbd import FAMILY
from app.devices.links.serial import SerialLink
from app.devices.sbd.driver import SbdModem
from app.devices.sbd.outbox import CHANNEL, contents
from app.gateway.core import Core
from app.gateway.directory import Everybody
from app.gateway.keeper import EdgeBench, EdgeKeeper
from app.gateway.outbox import Outbox, Sending
from app.gateway.store import Task

TICK_S = 0.5


class EdgeSbdTexts:
    """The outgoing texts of one modem, one part a session; no receipt follows."""

    def __init__(self, core: Core, clock: Clock, name: str) -> None:
        self._name = name
        self._clock = clock
        self._outbox = Outbox(core, FAMILY, clock.now, patience=SLOW_FEEDBACK_LIMITS[CHANNEL])
        self._sending: Sending | None = None

    def look(self) -> None:
        """Deal with what ran out of time, also while the modem is away."""
        self._outbox.settle()

    async def claim(self) -> bytes | None:
        """Take the next part that waits; what it says goes into the modem."""
        self._sending = next(iter(self._outbox.leaving(lambda _: self._name, _cut)), None)
        if self._sending is None:
            return None
        self._sending.submit("", self._clock.now())
        return self._sending.part.encode("utf-8", "replace")

    async def settle(self, told: Mapping[str, Any], reason: str, pause: timedelta) -> None:
        """Note how the part fared: a session that failed costs nothing, and is tried until time is over."""
        sending, self._sending = self._sending, None
        if sending is None:
            return
        if not told.get("mo_ok"):
            self._outbox.postpone(sending, pause)
        elif self._outbox.accepted(sending):
            self._outbox.ended(sending, "ok")


class EdgeSbd:
    """One SBD modem on a serial line of the gateway."""

    family = FAMILY
    channel = FAMILY

    def __init__(self, link: SerialLink, core: Core, clock: Clock) -> None:
        self._texts = EdgeSbdTexts(core, clock, f"{FAMILY}:{link.url}")
        self._keeper = EdgeKeeper(core, FAMILY, once=True)
        bench = EdgeBench(clock, Everybody(), self._keeper)
        self.driver = SbdModem(link, bench, lambda _: self._texts)
        self.name = self.driver.name

    @asynccontextmanager
    async def running(self) -> AsyncIterator[EdgeSbd]:
        """Serve the modem while the block lasts."""
        async with self._keeper.running(), self.driver.running(), alongside(self._send()):
            yield self

    def health(self) -> dict[str, object]:
        """Return the state of cable, signal and the last sessions."""
        return self.driver.health()

    async def _send(self) -> None:
        while True:
            self._texts.look()
            await self.driver.send_waiting()
            await asyncio.sleep(TICK_S)


def _cut(task: Task, text: str) -> Sequence[str]:
    """Make parts of a text. Raises ValueError for what can never be sent."""
    return [part.decode("utf-8") for part in contents(sanitise(text), task.device)]
