"""Devices on their lines: a Beidou machine on a pty, vehicles' terminals on TCP, by the county's clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from app.api.house import House
from app.background import Lookout
from app.clock import SetClock
from app.db import Database
from app.demo.movement import Motion
from app.devices.beidou.machine import BeidouMachine
from app.devices.driver import Rig
from app.devices.jt808.terminals import Terminals
from app.devices.pump import Pump
from app.devices.recorder import Recorder
from app.devices.register import Register
from app.devices.sender import Sender
from app.devices.start import all_drivers
from app.devices.watch.watcher import Watcher
from app.journal import store as journal
from app.scenario.terms import CannotFind
from app.simulators.beidou import CommandMachine, Sent
from app.simulators.terminal import Terminal, TypePlate

COPY_S = 0.5
WITHIN_S = 5.0
"""Real seconds in which a line must bring what was said: a pty and a socket take milliseconds."""


class Devices:
    """The drivers of the house with the devices at their other ends."""

    def __init__(self, clock: SetClock) -> None:
        self._clock = clock
        self._machine = CommandMachine(now=clock.now)
        self._drivers: list[Any] = []
        self._database: Database
        self._stream = ""
        self._seen = 0
        self.lookouts: list[Lookout] = []

    @asynccontextmanager
    async def switched_on(self) -> AsyncIterator[Devices]:
        """Switch the machine on."""
        with self._machine:
            yield self

    def settings(self) -> Mapping[str, Any]:
        """Return where the house finds them."""
        return {"serial_links": f"rdss21={self._machine.path}"}

    @asynccontextmanager
    async def connected(self, house: House, database: Database) -> AsyncIterator[Devices]:
        """Run the drivers of a house while the block lasts."""
        clock, stream = house.clock, house.settings.stream
        self._database, self._stream = database, stream
        async with AsyncExitStack() as stack:
            recorder = await stack.enter_async_context(Recorder(database, clock).running())
            pump = Pump(database, recorder, clock, house.scoring.limits, house.dispatch)
            register = Register(database, clock, stream)
            self._drivers = all_drivers(Rig(house.settings, database, clock, register, pump))
            for driver in self._drivers:
                await stack.enter_async_context(driver.running())
            self._recorder = recorder
            self.lookouts = [Sender(database, clock, self._drivers), Watcher(database, clock, stream)]
            await _until(
                lambda: self._card_known(), "北斗指挥机未连接", "the Beidou machine is not connected"
            )
            yield self

    def _card_known(self) -> bool:
        return any(isinstance(one, BeidouMachine) and one.card.number for one in self._drivers)

    async def heard(self, card: str, text: str, *, again: bool = False) -> Any:
        """Let a card speak; return when the house has taken it in. A copy (`again`) leaves no trace."""
        before = await self._head()
        self._machine.receive_from(card, text)
        if again:
            await asyncio.sleep(COPY_S)
            return {"heads": await self._head() - before}
        await self._taken_in(before)
        return {}

    async def sent(self) -> Any:
        """Let what waits leave as pace and card allow; return what the machine took since the last time."""
        gone = 0
        for driver in self._drivers:
            if isinstance(driver, BeidouMachine):
                while await driver.send_next():
                    gone += 1
                    await asyncio.sleep(0.05)  # the feedback comes back over the line
        await _until(
            lambda: len(self._machine.sent) + self._machine.refused >= self._seen + gone,
            "指挥机未收到下发",
            "the machine took nothing",
        )
        taken: list[Sent] = list(self._machine.sent)[self._seen :]
        self._seen += len(taken)
        return {"sent": [{"to": one.dest, "text": one.text} for one in taken]}

    async def terminal_says(self, told: Mapping[str, Any]) -> Any:
        """Let a vehicle's terminal call in, report where it is, press SOS if told to, and hang up."""
        (server,) = (one for one in self._drivers if isinstance(one, Terminals))
        there = Motion(float(told["lon"]), float(told["lat"]), 0.0, 0.0)
        terminal = Terminal(
            TypePlate(str(told["phone"]), str(told.get("plate", "樟应急"))),
            "127.0.0.1",
            server.server.port,
            lambda: there,
            now=self._clock.now,
        )
        before = await self._head()
        life = asyncio.create_task(terminal.run())
        try:
            async with asyncio.timeout(WITHIN_S):
                await terminal.online.wait()
            if told.get("sos"):
                terminal.press_sos()
                await _until(lambda: not terminal.sos, "SOS 未获应答", "the SOS was not answered")
                await self._taken_in(before)
            await self._recorder.flush()
        finally:
            await terminal.close()
            life.cancel()
            with suppress(asyncio.CancelledError):
                await life
        return {}

    async def _head(self) -> int:
        async with self._database.transaction() as tx:
            return await journal.head(tx, self._stream)

    async def _taken_in(self, before: int) -> None:
        try:
            async with asyncio.timeout(WITHIN_S):
                while await self._head() == before:  # noqa: ASYNC110  a row tells nobody
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise CannotFind("设备说的话没有记入系统", "what the device said was not taken in") from None
        await asyncio.sleep(0.05)
        await self._recorder.flush()


async def _until(what: Any, zh: str, en: str) -> None:
    try:
        async with asyncio.timeout(WITHIN_S):
            while not what():  # noqa: ASYNC110  a line tells nobody
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise CannotFind(zh, en) from None
