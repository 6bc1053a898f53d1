"""P8: one unit's way out of a history of millions, then of twice as much: a point a minute, by days.

The limit in the same run: the same rows by the bare index, read by asyncpg.
"""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import asyncpg

from app.db import Database
from app.tracking import store
from app.tracking.history import store as days
from benchmarks.result import Result

UNITS = 1_000
POINTS = 500
QUESTIONS = 100
LIMIT_MS = 2_000.0
_GROW = """
INSERT INTO track (device_id, true_at, lon, lat, heard_at)
SELECT n % $1, $2::timestamptz + make_interval(mins => CAST(n / $1 AS int)), 115.5, 28.0, $2::timestamptz
  FROM generate_series($3::bigint, $4::bigint) n
"""
_LATEST = """
INSERT INTO position (device_id, stream, region_code, lon, lat, true_at, heard_at)
SELECT device_id, '990181', '990181100000', 115.5, 28.0, max(true_at), max(heard_at) FROM track GROUP BY 1
ON CONFLICT (device_id) DO UPDATE SET true_at = EXCLUDED.true_at
"""
_BARE = "SELECT lon, lat, fixed_at, heard_at FROM track WHERE device_id = $1 ORDER BY true_at DESC LIMIT $2"
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


async def measure(url: str, rows: int = 10_000_000) -> list[Result]:
    """Ask at half the size and at the whole."""
    database = Database(url, pool_size=2)
    results = []
    async with database.raw() as connection:
        for day in range(rows // UNITS // 1440 + 1):
            await days.create(connection, (BEGAN + timedelta(days=day)).date())
        for part in (0, 1):
            half = rows // 2
            await connection.execute(_GROW, UNITS, BEGAN, part * half, (part + 1) * half - 1, timeout=600)
            await connection.execute(_LATEST, timeout=600)
            await connection.execute("ANALYZE track", timeout=600)
            results.append(await _ask(database, connection, (part + 1) * half))
    await database.close()
    flat = results[1].ours / results[0].ours
    growth = Result(
        "P8", "… when the history doubles", "x", flat, {"flat": 1.0}, limit="flat", target=1.5, less=True
    )
    return [*results, growth]


async def _ask(database: Database, connection: asyncpg.Connection, rows: int) -> Result:
    async def ours(unit: int) -> int:
        async with database.transaction() as tx:
            return len(await store.trail(tx, unit, POINTS))

    async def bare(unit: int) -> int:
        return len(await connection.fetch(_BARE, unit, POINTS))

    return Result(
        "P8",
        f"the last {POINTS} points of one of {UNITS:,} units among {rows:,}, p99",
        "ms",
        await _p99(ours),
        {"index alone": await _p99(bare), "promise": LIMIT_MS},
        limit="promise",
        target=1.0,
        less=True,
    )


async def _p99(ask: Callable[[int], Awaitable[int]]) -> float:
    chosen = random.Random(8)
    took = []
    for _ in range(QUESTIONS):
        unit = chosen.randrange(UNITS)
        began = time.perf_counter()
        found = await ask(unit)
        took.append((time.perf_counter() - began) * 1000)
        if found != POINTS:
            raise RuntimeError(f"{found} points, not {POINTS}")
    return sorted(took)[int(QUESTIONS * 0.99) - 1]
