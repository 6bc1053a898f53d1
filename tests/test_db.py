"""Statements of `sql` take a shorter road to the driver: in the same transaction, with the same errors."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound

from app.db import Database, plan_once, sql

pytestmark = pytest.mark.database
VALUES = {
    "n": 7,
    "words": ["a:b", "值守"],
    "at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    "day": date(2026, 1, 2),
    "half": 0.5,
    "nothing": None,
}
WIDE = """
SELECT CAST(:n AS bigint) + g AS n, CAST(:words AS text[]) AS words, CAST(:at AS timestamptz) AS at,
       CAST(:day AS date) AS day, CAST(:half AS float8) AS half, CAST(:nothing AS text) AS nothing,
       jsonb_build_object('n', CAST(:n AS bigint)) AS told
  FROM generate_series(1, 3) g
"""


async def test_rows_are_those_that_sqlalchemy_returns(database: Database) -> None:
    async with database.transaction() as tx:
        for read in (
            lambda result: result.all(),
            lambda result: [dict(row) for row in result.mappings()],
            lambda result: result.scalars().all(),
            lambda result: [row.words for row in result],
            lambda result: result.first().told,
        ):
            ours, theirs = (
                read(await tx.execute(sql(WIDE), VALUES)),
                read(await tx.execute(text(WIDE), VALUES)),
            )
            assert ours == theirs
        assert await tx.scalar(sql("SELECT :n + 1"), {"n": 1}) == 2


async def test_nothing_is_nothing(database: Database) -> None:
    none = sql("SELECT 1 AS n WHERE false")
    async with database.transaction() as tx:
        assert (await tx.execute(none)).all() == []
        assert (await tx.execute(none)).mappings().all() == []
        assert (await tx.execute(none)).scalars().all() == []
        assert (await tx.execute(none)).first() is None
        assert await tx.scalar(none) is None
        with pytest.raises(NoResultFound):
            (await tx.execute(none)).one()
        assert (await tx.execute(sql("CREATE TEMP TABLE gone (n int)"))).all() == []


async def test_it_is_the_transaction_of_all_other_statements(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(sql("CREATE TABLE kept (n int PRIMARY KEY)"))
    with pytest.raises(RuntimeError, match="no"):
        await _give_up(database)
    async with database.transaction() as tx:
        assert await tx.scalar(sql("SELECT count(*) FROM kept")) == 0
        await tx.execute(sql("INSERT INTO kept VALUES (1)"))
        with pytest.raises(IntegrityError):
            async with tx.begin_nested():
                await tx.execute(sql("INSERT INTO kept VALUES (1)"))
        await tx.execute(sql("INSERT INTO kept VALUES (:n)"), {"n": 2})
    async with database.snapshot() as tx:
        assert (await tx.execute(sql("SHOW transaction_isolation"))).scalar() == "repeatable read"
        assert (await tx.execute(sql("SELECT n FROM kept ORDER BY n"))).scalars().all() == [1, 2]


async def test_a_refused_statement_is_told_as_sqlalchemy_tells_it(database: Database) -> None:
    for refused, values in (
        ("SELECT 1 / :n", {"n": 0}),
        ("SELECT :n + 1", {"n": "one"}),
        ("SELECT nobody", {}),
    ):
        with pytest.raises(DBAPIError) as ours:
            async with database.transaction() as tx:
                await tx.execute(sql(refused), values)
        with pytest.raises(DBAPIError) as theirs:
            async with database.transaction() as tx:
                await tx.execute(text(refused), values)
        assert type(ours.value) is type(theirs.value)
        assert str(ours.value.orig) == str(theirs.value.orig)


async def test_a_connection_that_is_lost_amid_a_statement_is_not_lent_again(database_url: str) -> None:
    database = Database(database_url, pool_size=1)
    server = await asyncpg.connect(database_url)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
    asked = asyncio.create_task(_sleep(database))
    async with asyncio.timeout(10):
        while not await server.fetch(cut):
            pass
    with pytest.raises(DBAPIError) as lost:
        await asked
    assert lost.value.connection_invalidated
    async with database.transaction() as tx:
        assert await tx.scalar(sql("SELECT 1")) == 1
    await server.close()
    await database.close()


async def test_who_stops_waiting_leaves_no_connection_amid_a_statement(database_url: str) -> None:
    database = Database(database_url, pool_size=1)
    server = await asyncpg.connect(database_url)
    waiting = asyncio.create_task(_sleep(database))
    async with asyncio.timeout(10):
        while not await server.fetch("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"):
            pass
    await server.close()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(5), database.transaction() as tx:
        assert await tx.scalar(sql("SELECT 1")) == 1
    await database.close()


async def test_what_is_planned_once_is_planned_once(database: Database) -> None:
    statement = sql("SELECT count(*) FROM journal WHERE seq > :after AND stream = :stream")
    counted = sql(
        "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
        " WHERE statement LIKE 'SELECT count%seq >%'"
    )
    async with database.transaction() as tx:
        await plan_once(tx)
        for _ in range(4):
            await tx.execute(statement, {"after": 1, "stream": "990181"})
        assert (await tx.execute(counted)).one() == (4, 0)
    async with database.transaction() as tx:  # it ends with the transaction
        assert await tx.scalar(sql("SHOW plan_cache_mode")) == "auto"


async def _give_up(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(sql("INSERT INTO kept VALUES (:n)"), {"n": 1})
        await tx.execute(text("INSERT INTO kept VALUES (2)"))
        raise RuntimeError("no")


async def _sleep(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(sql("SELECT pg_sleep(30)"))
