"""P7: 20 concurrent writers append to the journal while a reader resumes from its cursor.

The limit in the same run: the same body inserted under one advisory lock and committed, by bare asyncpg,
into a table without indexes other than its key, without hash and without NOTIFY.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from itertools import pairwise

import asyncpg

from app.db import Database
from app.journal import store
from app.journal.store import Entry
from app.org.rules.access import Concern
from app.wire import Fact
from benchmarks.result import Result, middle

STREAM = "990181"
WRITERS = 20
EACH = 50
TOTAL = WRITERS * EACH
_BODY = '{"type":"bench.noted","words":"%s"}' % ("x" * 200)


class Noted(Fact):
    """An event of about 256 bytes on the wire."""

    type: str = "bench.noted"
    words: str = "x" * 160


async def measure(url: str, repetitions: int = 3) -> Result:
    """Run ours and the limit in turn; return events per second and what the reader lost."""
    database = Database(url, pool_size=WRITERS + 2)
    async with database.transaction() as tx:
        await store.open_stream(tx, STREAM)
    ours, limit, wrong = [], [], 0
    async with asyncpg.create_pool(url, min_size=WRITERS, max_size=WRITERS + 1) as pool:
        await pool.execute("CREATE TABLE bench_limit (seq bigserial PRIMARY KEY, body json NOT NULL)")
        for _ in range(repetitions):
            per_s, disorder = await _ours(database)
            ours.append(per_s)
            wrong += disorder
            limit.append(await _limit(pool))
    await database.close()
    return Result(
        "P7",
        f"journal: {WRITERS} writers, reader resuming",
        "events/s",
        middle(ours),
        {"lock+insert+commit": middle(limit)},
        f"lost or out of order: {wrong} of {TOTAL * repetitions}",
        limit="lock+insert+commit",
        target=0.7,
    )


async def _ours(database: Database) -> tuple[float, int]:
    async with database.transaction() as tx:
        start = await store.head(tx, STREAM)
    entry = Entry(Noted(), Concern(("990181100000",)))

    async def write() -> None:
        for _ in range(EACH):
            async with database.transaction() as tx:
                await store.append(tx, STREAM, datetime.now(UTC), [entry])

    async def read() -> list[int]:
        seen: list[int] = []
        while len(seen) < TOTAL:
            async with database.transaction() as tx:
                rows = await store.read_after(tx, STREAM, seen[-1] if seen else start, 200)
            seen += [row.seq for row in rows]
            if seen and seen[-1] >= start + TOTAL:
                break
            await asyncio.sleep(0.01)
        return seen

    began = time.perf_counter()
    reader = asyncio.create_task(read())
    await asyncio.gather(*(write() for _ in range(WRITERS)))
    took = time.perf_counter() - began
    seen = await reader
    expected = range(start + 1, start + TOTAL + 1)
    disorder = len(set(expected) - set(seen)) + sum(a >= b for a, b in pairwise(seen))
    return TOTAL / took, disorder


async def _limit(pool: asyncpg.Pool) -> float:
    async def write() -> None:
        async with pool.acquire() as connection:
            for _ in range(EACH):
                async with connection.transaction():
                    await connection.execute("SELECT pg_advisory_xact_lock(1)")
                    await connection.execute("INSERT INTO bench_limit (body) VALUES ($1)", _BODY)

    async def read() -> None:
        cursor = 0
        while True:
            rows = await pool.fetch(
                "SELECT seq FROM bench_limit WHERE seq > $1 ORDER BY seq LIMIT 200", cursor
            )
            cursor = rows[-1][0] if rows else cursor
            await asyncio.sleep(0.01)

    began = time.perf_counter()
    reader = asyncio.create_task(read())
    await asyncio.gather(*(write() for _ in range(WRITERS)))
    took = time.perf_counter() - began
    reader.cancel()
    await asyncio.gather(reader, return_exceptions=True)
    return TOTAL / took
