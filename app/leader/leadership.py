"""One node of a county leads: it alone keeps the clocks that every node could keep.

The leader is whoever holds an advisory lock of its session. PostgreSQL ends a session that was silent for
three seconds (`idle_session_timeout`), so the lock of a node that was killed, paused or cut off is free by
then, and the others ask for it twice a second: a hand-over takes less than five seconds. Until when the lock
is certainly held is reckoned by the node's own monotonic clock, which goes on while it is paused: a leader
that wakes up knows at once that it no longer leads.

What a leader that was paused in the midst of a round still does is harmless: the rows see to it that each
thing is done and told once, as they did when every node looked.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from app.background import alongside
from app.clock import Clock
from app.db import Database
from app.leader import store

log = structlog.get_logger()
SILENT_S = 3.0  # a leader that said nothing for so long has lost its lock
SPEAK_EVERY_S = 1.0
ASK_EVERY_S = 0.5
ANSWER_WITHIN_S = 1.5
UNHEARD_S = 10.0  # without an answer for so long this part of the house is not well


class Leadership:
    """The claim of one node to lead a stream."""

    def __init__(self, database: Database, stream: str, clock: Clock) -> None:
        self._database = database
        self._stream = stream
        self._clock = clock
        self._clock_off_s = 0.0
        self._until_s = float("-inf")
        self._answered_s = time.monotonic()
        self._won = asyncio.Event()

    @property
    def held(self) -> bool:
        """Whether this node leads now."""
        return time.monotonic() < self._until_s

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Leadership]:
        """Stand for the leadership while the block lasts; give it up at the end."""
        async with alongside(self._stand_for_ever()):
            yield self

    async def turn(self) -> None:
        """Wait until this node leads."""
        while not self.held:
            self._won.clear()
            await self._won.wait()

    def health(self) -> dict[str, object]:
        """Return whether this node leads, and whether the database still answers who does.

        `clock_off_s` is how far this node's clock is ahead of the database's: what nodes write for each other
        carries their own time.
        """
        return {
            "ok": time.monotonic() - self._answered_s < UNHEARD_S,
            "leads": self.held,
            "clock_off_s": round(self._clock_off_s, 3),
        }

    async def _stand_for_ever(self) -> None:
        while True:
            try:
                await self._stand()
            except Exception as error:  # noqa: BLE001  the database may be away, or have ended a silent session
                log.warning("leadership_lost" if self._led else "leadership_unknown", error=repr(error))
            finally:
                self._until_s = float("-inf")
            await asyncio.sleep(ASK_EVERY_S)

    @property
    def _led(self) -> bool:
        return self._until_s > 0

    async def _stand(self) -> None:
        """Ask for the lock until it is ours, then keep it for as long as the database hears us."""
        async with self._database.apart() as connection:
            await store.end_when_silent(connection, SILENT_S)
            while not await self._ask(connection):
                await self._speak(connection, leads=False)
                await asyncio.sleep(ASK_EVERY_S)
            log.info("leading", stream=self._stream)
            while True:
                await asyncio.sleep(SPEAK_EVERY_S)
                await self._speak(connection, leads=True)

    async def _ask(self, connection: object) -> bool:
        asked_s = time.monotonic()
        async with asyncio.timeout(ANSWER_WITHIN_S):
            taken = await store.take(connection, self._stream)
        self._heard(asked_s, leads=taken)
        return taken

    async def _speak(self, connection: object, *, leads: bool) -> None:
        asked_s = time.monotonic()
        async with asyncio.timeout(ANSWER_WITHIN_S):
            told = await store.speak(connection)
        self._clock_off_s = (self._clock.now() - told).total_seconds()
        self._heard(asked_s, leads=leads)

    def _heard(self, asked_s: float, *, leads: bool) -> None:
        self._answered_s = time.monotonic()
        if leads:
            # The session was not silent before it was asked: the lock holds that long at least.
            self._until_s = asked_s + SILENT_S
            self._won.set()
