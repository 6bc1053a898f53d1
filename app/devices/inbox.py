"""Readings of a link that cannot be asked to repeat: they wait, in order, for the database to take them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import structlog
from asyncpg import InterfaceError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.background import alongside
from app.devices.adapter import Reading
from app.signals import Distress, Fix, Receipt, Ring, Text, Trouble

log = structlog.get_logger()
MAX_WAITING = 1000
BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
_NEVER = ("22", "23", "42")  # SQLSTATE: this very reading does not fit, now or later


class Inbox:
    """Takes readings in one after another; a database that is away is waited for, whatever that lasts."""

    def __init__(self, take_in: Callable[[Reading], Awaitable[None]]) -> None:
        self._take_in = take_in
        self._waiting: deque[Reading] = deque()
        self._arrived = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Inbox]:
        """Take in while the block lasts; what still waits at the end is kept in the log."""
        try:
            async with alongside(self._run()):
                yield self
        finally:
            for reading in self._waiting:
                log.error("reading_lost", raw_hex=reading.raw.hex(), reason="stopped")

    def put(self, reading: Reading) -> None:
        """Let a reading wait its turn. When too many wait the least precious, oldest one goes."""
        self._waiting.append(reading)
        self._arrived.set()
        if len(self._waiting) > MAX_WAITING:
            # The first one may be on its way in at this instant: it is not given up.
            gone = min(range(1, len(self._waiting)), key=lambda at: (_worth(self._waiting[at]), at))
            log.error("reading_lost", raw_hex=self._waiting[gone].raw.hex(), reason="too_many_waiting")
            del self._waiting[gone]

    async def _run(self) -> None:
        attempt = 0
        while True:
            if not self._waiting:
                self._arrived.clear()
                await self._arrived.wait()
            reading = self._waiting[0]
            try:
                await self._take_in(reading)
            except Exception as error:
                if passing(error):
                    if attempt == 0:
                        log.error("reading_waits", raw_hex=reading.raw.hex(), error=repr(error))
                    await asyncio.sleep(BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])
                    attempt += 1
                    continue
                log.error("reading_lost", raw_hex=reading.raw.hex(), error=repr(error), exc_info=error)
            attempt = 0
            self._waiting.popleft()


async def kept(note: Callable[[], Awaitable[None]]) -> None:
    """Write down what happened and cannot be asked for again; a database that is away is waited for."""
    attempt = 0
    while True:
        try:
            return await note()
        except Exception as error:
            if not passing(error):
                raise
            if attempt == 0:
                log.error("note_waits", error=repr(error))
            await asyncio.sleep(BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])
            attempt += 1


def passing(error: Exception) -> bool:
    """Whether an error is the database's absence, which ends, and not the fault of what was to be stored.

    At the edge the database is a file: a disk that is full or a file that is held (sqlite3) ends, too.
    """
    if isinstance(error, DBAPIError | asyncpg.PostgresError):
        return not str(getattr(getattr(error, "orig", error), "sqlstate", None) or "").startswith(_NEVER)
    return isinstance(error, OSError | TimeoutError | PoolTimeout | InterfaceError | sqlite3.OperationalError)


def _worth(reading: Reading) -> int:
    """Rank a reading: calls and words outlive positions, positions what the machine says of itself."""
    if any(isinstance(signal, Distress | Text | Ring) for signal in reading.signals):
        return 2
    return int(any(isinstance(signal, Fix | Receipt | Trouble) for signal in reading.signals))
