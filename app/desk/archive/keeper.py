"""Writes the words of what was written in the journal, a moment after it: nobody waits for it."""

from __future__ import annotations

import json

from app.background import Lookout
from app.db import Database
from app.desk.archive import store
from app.desk.archive.rules import words_of
from app.desk.archive.saying import told
from app.journal import store as journal
from app.journal.store import JournalRow

NAME = "archive"
LOOK_EVERY_S = 5.0
PART = 1000


class ArchiveKeeper(Lookout):
    """The leader looks; a second one who writes the same rows is refused by their key and tries later."""

    def __init__(self, database: Database, stream: str) -> None:
        super().__init__(NAME, LOOK_EVERY_S)
        self._database, self._stream = database, stream

    async def look(self) -> int:
        """Write what is missing, a thousand rows a transaction; return how many."""
        written = 0
        while part := await self._part():
            written += part
        return written

    async def _part(self) -> int:
        async with self._database.transaction() as tx:
            rows = await journal.read_after(tx, self._stream, await store.done(tx, self._stream), PART)
            await store.put(tx, [(row.stream, row.seq, row.at, _words(row)) for row in rows])
        return len(rows)


def _words(row: JournalRow) -> str:
    return words_of(told(row)[0], json.loads(row.body))
