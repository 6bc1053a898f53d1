"""`stream` is the shard key: what one county holds, no other waits for."""

from __future__ import annotations

import asyncio

import pytest

from app.db import Database
from app.journal import store
from app.journal.store import Entry
from app.org.rules.access import Concern
from tests.realtime.floor import AT, STREAM, Noted

pytestmark = pytest.mark.database
NEIGHBOUR = "990182"


def _entry(stream: str) -> Entry:
    return Entry(Noted(), Concern((stream.ljust(12, "0"),)))


async def test_a_county_writes_while_another_holds_its_journal(database: Database) -> None:
    async with database.transaction() as tx:
        for stream in (STREAM, NEIGHBOUR):
            await store.open_stream(tx, stream)
    async with database.transaction() as held:
        await store.append(held, STREAM, AT, [_entry(STREAM)])
        for _ in range(20):
            async with asyncio.timeout(10), database.transaction() as tx:
                await store.append(tx, NEIGHBOUR, AT, [_entry(NEIGHBOUR)])
    async with database.transaction() as tx:
        assert await store.head(tx, STREAM) == 1
        assert await store.head(tx, NEIGHBOUR) == 20
        of_one = await store.read_after(tx, STREAM, 0, 100)
    assert {row.stream for row in of_one} == {STREAM}
