"""The journal of one stream, read once for all screens of this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import structlog

from app.db import Database, Tx
from app.dispatch.secrecy import store as secrecy
from app.dispatch.secrecy.sealed import NOTHING, Sealed
from app.journal import store
from app.journal.store import JournalRow
from app.realtime.pace import Pace
from app.realtime.ring import Framed, Ring
from app.realtime.together import Together

_log = structlog.get_logger(__name__)
_PAGE_ROWS = 500
_PRELOADED_ROWS = 1_000  # so that a node's restart does not send every screen to the database
_COMMIT_IS_HEARD_S = 0.02  # after the hint of a row of our own: else it is read like one of others
_READERS = 2  # screens that read old rows from the database at a time: catching up starves no command


class Feed:
    """A cursor in the journal, and the rows just before it.

    `head` is the journal's end as last seen, `cursor` how far this process has read.
    """

    def __init__(self, database: Database, stream: str, *, ring_rows: int, pace: Pace) -> None:
        self.stream = stream
        self.head = 0
        self.listening = False
        self.read_at_s = time.monotonic()
        self._database = database
        self._pace = pace
        self._ring = Ring(ring_rows)
        self._hint = asyncio.Event()
        self._unread = False  # whether the hint is of rows that must be read
        self._handed: list[JournalRow] = []
        self._moved = asyncio.Event()
        self._looked_at_s = float("-inf")
        self._old_rows = asyncio.Semaphore(_READERS)
        self._secrets = Together(self._read_sealed)

    @property
    def cursor(self) -> int:
        """The last row read."""
        return self._ring.last

    async def open(self) -> None:
        """Stand at the journal's end, with the rows before it in memory."""
        async with self._database.transaction() as tx:
            head = await store.head(tx, self.stream)
            start = max(0, head - min(_PRELOADED_ROWS, self._ring.size))
            rows = await store.read_after(tx, self.stream, start, _PRELOADED_ROWS)
        self._ring.reset(rows[0].seq - 1 if rows else head)
        self._advance(rows)

    def wake(self) -> None:
        """Take the hint that something was appended."""
        self._unread = True
        self._hint.set()

    def hand(self, rows: Sequence[JournalRow]) -> None:
        """Take rows that this process has just committed: what is known need not be read."""
        self._handed += [row for row in rows if row.stream == self.stream]
        if not rows or len(self._handed) > _PAGE_ROWS:
            self._handed.clear()
            self._unread = True
        self._hint.set()

    async def next(self) -> list[Framed] | None:
        """Wait for a hint or the poll, then return the new rows; None when they do not follow the cursor.

        So it is when the database was restored from a copy: nobody's cursor means anything then.
        """
        await self._hinted()
        if handed := self._take_handed():
            self.read_at_s = time.monotonic()
            if self._unread:
                self._hint.set()
            return self._advance(handed)
        return await self._read() if self._unread else []

    async def _hinted(self) -> None:
        """Wait for a hint, which is taken before reading: one that comes meanwhile brings us back at once."""
        if not self._hint.is_set():
            try:
                async with asyncio.timeout(self._pace.poll_s):
                    await self._hint.wait()
            except TimeoutError:
                self._unread = True
        self._hint.clear()

    async def _read(self) -> list[Framed] | None:
        self._unread = False
        async with self._database.glance() as tx:
            if await self._went_back(tx):
                return None
            rows = await store.read_after(tx, self.stream, self.cursor, _PAGE_ROWS)
        self.read_at_s = time.monotonic()
        if rows and rows[-1].seq != self.cursor + len(rows):
            _log.error("realtime.journal_has_a_hole", stream=self.stream, after=self.cursor)
            self._ring.reset(rows[-1].seq)
            return None
        if len(rows) == _PAGE_ROWS:
            self.wake()
        return self._advance(rows)

    async def page(self, after: int, limit: int) -> Sequence[Framed]:
        """Return up to `limit` rows after a cursor, from memory or the database."""
        held = self._ring.after(after, limit)
        if held is not None:
            return held
        async with self._old_rows, self._database.transaction() as tx:
            return [Framed.of(row) for row in await store.read_after(tx, self.stream, after, limit)]

    async def sealed(self) -> Sealed:
        """Return what is need-to-know now, to be asked before old rows are shown."""
        return await self._secrets.ask(self.stream) or NOTHING

    async def reaches(self, seq: int) -> bool:
        """Whether the journal holds `seq`; if another node was quicker, wait until we have read so far."""
        if seq <= self.cursor:
            return True
        async with self._database.transaction() as tx:
            head = await store.head(tx, self.stream)
        while self.cursor < seq <= head:
            self.wake()
            await self._moved.wait()
        return seq <= head

    async def listen(self) -> None:
        """Take hints from PostgreSQL until the connection is lost."""
        async with self._database.raw() as connection:
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(store.CHANNEL, self._on_notify)
            self.listening = True
            self.wake()  # for what was appended while nobody listened
            try:
                await lost.wait()
                _log.warning("realtime.listen_lost", stream=self.stream)
            finally:
                self.listening = False
                if not connection.is_closed():
                    await connection.remove_listener(store.CHANNEL, self._on_notify)

    async def _read_sealed(self, streams: list[str]) -> dict[str, Sealed]:
        async with self._database.transaction() as tx:
            return {stream: await secrecy.sealed(tx, stream) for stream in streams}

    async def _went_back(self, tx: Tx) -> bool:
        now = time.monotonic()
        if now - self._looked_at_s < self._pace.poll_s:
            return False
        self._looked_at_s = now
        self.head = await store.head(tx, self.stream)
        if self.head >= self.cursor:
            return False
        _log.warning("realtime.journal_went_back", stream=self.stream, was=self.cursor, head=self.head)
        self._ring.reset(self.head)
        return True

    def _advance(self, rows: Sequence[JournalRow]) -> list[Framed]:
        framed = [Framed.of(row) for row in rows]
        self._ring.extend(framed)
        self.head = max(self.head, self.cursor)
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
        return framed

    def _take_handed(self) -> list[JournalRow]:
        """Return the handed rows that follow the cursor.

        When one is missing before them, all are read; and when they are behind it, whether the journal went
        back is asked as often as it is polled.
        """
        told, self._handed = self._handed, []
        handed = sorted((row for row in told if row.seq > self.cursor), key=lambda row: row.seq)
        if len(handed) < len(told) and time.monotonic() - self._looked_at_s >= self._pace.poll_s:
            self._unread = True
        if handed and handed[-1].seq != self.cursor + len(handed):
            self._unread = True
            return []
        return handed

    def _on_notify(self, _connection: object, _pid: int, _channel: str, hint: object) -> None:
        """Look for a row of others at once; one of our own is handed over when its commit returns."""
        written_by, _, seq = str(hint).partition(" ")
        if written_by != self._database.name or not seq.isdecimal():
            self.wake()
        elif int(seq) > self.cursor:
            asyncio.get_running_loop().call_later(_COMMIT_IS_HEARD_S, self._look_for, int(seq))

    def _look_for(self, seq: int) -> None:
        if seq > self.cursor:
            self.wake()
