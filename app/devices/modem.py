"""An AT line in the running loop: commands one after another, unasked words told at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from app.clock import Clock
from app.devices.adapter import Garbage
from app.devices.adapters.at import Engine, Event
from app.devices.adapters.at_words import Answer, Command, Unasked
from app.devices.garbage import note_garbage
from app.devices.links.serial import Line, LinkLost

TICK_S = 0.25
QUIET_TICKS = 4  # about a second of silence
SYNC_TRIES = 4
SYNC = Command("AT")
GRACE_S = 2.0


class Modem:
    """What stands on the other end of an open line.

    `hear` is told every unasked word, in order; it must not wait. `run` serves the line until it is lost.
    """

    def __init__(self, family: str, line: Line, clock: Clock, hear: Callable[[Unasked], None]) -> None:
        self._family = family
        self._line = line
        self._clock = clock
        self._hear = hear
        self._engine = Engine()
        self._turn = asyncio.Lock()
        self._awaited: asyncio.Future[Answer] | None = None
        self._lost: LinkLost | None = None

    async def run(self) -> None:
        """Read for ever. Raises LinkLost, to whoever waits for an answer too."""
        try:
            silent = 0
            while True:
                try:
                    async with asyncio.timeout(TICK_S):
                        data = await self._line.read()
                except TimeoutError:
                    silent += 1
                    events = self._engine.quiet() if silent == QUIET_TICKS else []
                else:
                    silent = 0
                    events = self._engine.receive(data, self._clock.now())
                await self._take([*events, *self._engine.tick(self._clock.now())])
        except LinkLost as lost:
            self._lost = lost
            raise
        finally:
            self._lost = self._lost or LinkLost("stopped")
            if self._awaited and not self._awaited.done():
                self._awaited.set_exception(self._lost)

    async def ask(self, command: Command | str) -> Answer:
        """Send a command when its turn comes; return how it ended. Raises LinkLost.

        After a command that was given up the line is brought into step again, so that a late answer is
        nobody's; a phone that stays silent then counts as lost.
        """
        if isinstance(command, str):
            command = Command(command)
        async with self._turn:
            answer = await self._exchange(command)
            if answer.final == "TIMEOUT":
                await self._into_step()
            return answer

    async def _exchange(self, command: Command) -> Answer:
        if self._lost is not None:
            raise self._lost
        while self._engine.busy:  # noqa: ASYNC110 - whoever asked before went away; its command ends first
            await asyncio.sleep(TICK_S)
        self._engine.start(command, self._clock.now())
        self._awaited = asyncio.get_running_loop().create_future()
        await self._flush()
        return await self._awaited

    async def _into_step(self) -> None:
        for _ in range(SYNC_TRIES):
            answer = await self._exchange(SYNC)
            if answer.ok:
                await asyncio.sleep(TICK_S)  # two answers may come: to the late command and to this one
                return
        raise LinkLost("no answer")

    async def _take(self, events: list[Event]) -> None:
        await self._flush()
        for event in events:
            if isinstance(event, Garbage):
                note_garbage(self._family, event)
            elif isinstance(event, Unasked):
                self._hear(event)
            elif self._awaited and not self._awaited.done():
                self._awaited.set_result(event)

    async def _flush(self) -> None:
        if data := self._engine.take_output():
            await self._line.write(data)


async def until_one_ends(reading: Coroutine[Any, Any, None], work: Coroutine[Any, Any, None]) -> None:
    """Read a line and work on it until one of the two ends; stop the other and raise what it raised.

    When the line is lost the work is left a moment to note down what was in flight on it.
    """
    reader, worker = asyncio.create_task(reading), asyncio.create_task(work)
    try:
        done, _ = await asyncio.wait((reader, worker), return_when=asyncio.FIRST_COMPLETED)
        if worker not in done:
            await asyncio.wait((worker,), timeout=GRACE_S)
    finally:
        for task in (reader, worker):
            task.cancel()
        for task in (reader, worker):
            with suppress(asyncio.CancelledError, LinkLost):
                await task
    for task in done:
        task.result()
