"""All vehicle terminals of the demo city, driving their patrols."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from app.clock import SystemClock
from app.demo.city import City
from app.demo.devices import Device
from app.demo.geography import county
from app.demo.movement import Motion, Patrol, patrol_of, position_at
from app.simulators.terminal import Pace, Terminal, TypePlate

FAMILY = "jt808"
_EVERY_NTH_IS_2019 = 3
_WALL = SystemClock()


class Fleet:
    """The city's JT/T 808 terminals, by number; every third one speaks the 2019 standard.

    They start one after another within one period, so that their reports do not come in one burst.
    `on_text` is told the number of the vehicle and the text. Where a vehicle is depends on the time
    alone: a fleet that starts again goes on where it would have been.
    """

    def __init__(
        self,
        city: City,
        host: str,
        port: int,
        *,
        pace: Pace | None = None,
        now: Callable[[], datetime] = _WALL.now,
        on_text: Callable[[str, str], None] | None = None,
    ) -> None:
        land = county(city.seed)
        self.pace = pace or Pace()
        self.terminals: dict[str, Terminal] = {}
        self._closing = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        for n, device in enumerate(device for device in city.devices if device.family == FAMILY):
            patrol = patrol_of(land, city.team_by_key[device.team_key], n)
            self.terminals[device.number] = Terminal(
                _type_plate(device, n),
                host,
                port,
                partial(_whereabouts, patrol, now),
                pace=self.pace,
                now=now,
                on_text=partial(on_text, device.number) if on_text else None,
            )

    async def run(self) -> None:
        """Drive until `close` is called or this is cancelled."""
        self._ended.clear()
        step_s = self.pace.period_s / max(1, len(self.terminals))
        try:
            async with asyncio.TaskGroup() as group:
                lives = [
                    group.create_task(_start(terminal, step_s * n))
                    for n, terminal in enumerate(self.terminals.values())
                ]
                await self._closing.wait()
                for life in lives:
                    life.cancel()
        finally:
            self._ended.set()

    async def close(self) -> None:
        """Switch all terminals off and wait until `run` has ended."""
        self._closing.set()
        await self._ended.wait()


async def _start(terminal: Terminal, after_s: float) -> None:
    await asyncio.sleep(after_s)
    await terminal.run()


def _whereabouts(patrol: Patrol, now: Callable[[], datetime]) -> Motion:
    return position_at(patrol, now().timestamp())


def _type_plate(device: Device, n: int) -> TypePlate:
    """Give a vehicle its plate: of a province that does not exist."""
    plate = TypePlate(device.number, f"樟Z{n + 1:05}")
    return replace(plate, layout_2019=n % _EVERY_NTH_IS_2019 == _EVERY_NTH_IS_2019 - 1)
