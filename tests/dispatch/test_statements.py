"""What an order costs the database: a number that only a reason may raise; and connections that are lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event, text

from app.db import Database
from tests.world import LAKE, RIVER, World

pytestmark = pytest.mark.database

# incident, team, what holds it; what reaches it, who leads; assignment, whom it concerns; the incident as it
# is told, the message; its assignments and messages as they are told; the journal
MOST = 12
# In this county nobody is on duty: who heads the township, is at the centre, leads next, may lead at all.
FALLBACKS = 4


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Note every statement that is sent while the block lasts."""
    engine, told = database.engine.sync_engine, []

    def note(*execution: Any) -> None:
        told.append(execution[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_an_order_asks_the_database_each_thing_once(world: World) -> None:
    incident = await world.incident()
    with counted(world.database) as first:
        await world.send(RIVER, incident.id)
    with counted(world.database) as second:
        await world.send(LAKE, incident.id)
    for told in (first, second):
        assert 0 < len(told) <= MOST + FALLBACKS, told
        assert len(set(told)) == len(told), "a question was asked twice"


async def test_a_connection_that_was_cut_is_replaced_before_anybody_uses_it(database_url: str) -> None:
    database = Database(database_url, pool_size=1)
    async with database.transaction() as tx:
        first = await tx.scalar(text("SELECT pg_backend_pid()"))
    server = await asyncpg.connect(database_url)
    await server.fetchval("SELECT pg_terminate_backend($1)", first)
    gone = "SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = $1)"
    async with asyncio.timeout(5):
        while not await server.fetchval(gone, first):
            pass
    await server.close()
    async with database.transaction() as tx:
        assert await tx.scalar(text("SELECT pg_backend_pid()")) != first
    await database.close()


async def test_a_connection_is_asked_only_when_it_lay_idle(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    dialect = database.engine.sync_engine.dialect
    ping = dialect.do_ping

    def noted(connection: Any) -> bool:
        asked.append(connection)
        return ping(connection)

    monkeypatch.setattr(dialect, "do_ping", noted)
    for _ in range(3):
        async with database.transaction() as tx:
            await tx.execute(text("SELECT 1"))
    assert asked == []
    monkeypatch.setattr("app.idle_connections.IDLE_S", 0.0)
    async with database.transaction() as tx:
        await tx.execute(text("SELECT 1"))
    assert len(asked) == 1
