"""Looks each second: what has run out is over, sources that are fetched are fetched, folders are emptied."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal, Self

import structlog

from app.background import Handful, Lookout, Turn, always
from app.clock import Clock
from app.db import Database
from app.response.warning.actions import watching
from app.response.warning.actions.intake import Arrival, receive
from app.response.warning.actions.watching import Due
from app.response.warning.fetching import TAKEN, Fetched, Unreachable, fetch, folder_of, lying, put_aside

log = structlog.get_logger()
LOOK_EVERY_S = 1.0
AT_ONCE = 4


class WarningWatch(Lookout):
    """One a process; leases in the rows see to it that a source is fetched by one of them."""

    def __init__(self, database: Database, clock: Clock, stream: str, data: Path) -> None:
        super().__init__("warnings", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._data = data
        self._fetches = Handful(AT_ONCE)

    @asynccontextmanager
    async def running(self, turn: Turn = always) -> AsyncIterator[Self]:
        """Look while the block lasts."""
        async with self._fetches.held(), super().running(turn):
            yield self

    async def look(self) -> None:
        """Let what has run out be over, and begin to look at the sources that are due."""
        async with self._database.transaction() as tx:
            await watching.expire(tx, self._stream, self._clock.now())
            due = await watching.claim(tx, self._stream, self._clock.now(), self._fetches.room)
        for one in due:
            self._fetches.begin(self._look_at(one))

    async def settled(self) -> None:
        """Wait until what was begun is done."""
        await self._fetches.settled()

    async def _look_at(self, one: Due) -> None:
        try:
            if one.means == "folder":
                await self._empty(one)
            else:
                await self._fetch(one)
        except Exception as error:  # noqa: BLE001  the lease runs out and it is looked at again
            log.error("warning_source_failed", source=one.id, error=repr(error))

    async def _fetch(self, one: Due) -> None:
        try:
            found = await fetch(one.url, one.etag, one.seen)
        except Unreachable as error:
            found = Fetched(seen=list(one.seen), trouble=(error.zh, error.en))
        for data in found.messages:
            await self._take(one, data)
        await self._looked(one, found)

    async def _empty(self, one: Due) -> None:
        folder = folder_of(self._data, one.key)
        for path, data in await asyncio.to_thread(lying, folder):
            await self._take(one, data)
            await asyncio.to_thread(put_aside, path, TAKEN)
        await self._looked(one, Fetched(seen=list(one.seen)))

    async def _take(self, one: Due, data: bytes) -> None:
        means: Literal["poll", "folder"] = "folder" if one.means == "folder" else "poll"
        how = Arrival(self._stream, means, one.name, one.id, one.senders)
        async with self._database.transaction() as tx:
            await receive(tx, how, data, self._clock.now())

    async def _looked(self, one: Due, found: Fetched) -> None:
        async with self._database.transaction() as tx:
            await watching.looked(
                tx,
                self._stream,
                one,
                self._clock.now(),
                etag=found.etag,
                seen=found.seen,
                trouble=found.trouble,
            )
