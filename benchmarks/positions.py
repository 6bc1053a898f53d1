"""P1: positions from decoded reports to committed rows: history and latest, in batches.

The limit in the same run: COPY of ready rows and an upsert of the latest by bare asyncpg. The peer is what
one would write first: one commit for each position.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog

from app.clock import SystemClock
from app.db import Database
from app.devices.recorder import Recorder
from app.tracking import store
from app.tracking.store import Heard
from benchmarks.result import Result, middle

UNITS = 5_000
NAIVE = 300
AT_ONCE = 2_000
_LATEST = """
INSERT INTO bench_latest SELECT DISTINCT ON (device_id) device_id, true_at, lon, lat
  FROM unnest($1::bigint[], $2::timestamptz[], $3::float8[], $4::float8[]) AS h(device_id, true_at, lon, lat)
 ORDER BY device_id, true_at DESC
ON CONFLICT (device_id) DO UPDATE SET true_at = EXCLUDED.true_at, lon = EXCLUDED.lon, lat = EXCLUDED.lat
"""
Batches = Sequence[Sequence[Heard]]


async def measure(url: str, total: int = 200_000, repetitions: int = 3) -> list[Result]:
    """Run all three in turn, each with positions of its own hour; then at a pace."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    database = Database(url, pool_size=4)
    async with database.raw() as connection:
        await connection.execute(
            "CREATE TABLE bench_track (device_id bigint, true_at timestamptz, lon float8, lat float8);"
            "CREATE TABLE bench_latest (device_id bigint PRIMARY KEY, true_at timestamptz, lon float8, "
            "lat float8) WITH (fillfactor = 50)"
        )
    ours, limit, naive, lost = [], [], [], 0
    for turn in range(repetitions):
        batches = _positions(total, turn)
        ours.append(await _per_s(total, _ours(database, batches)))
        limit.append(await _per_s(total, _limit(database, batches)))
        naive.append(await _per_s(NAIVE, _naive(database, _positions(NAIVE, turn + 100))))
    async with database.raw() as connection:
        lost = (total + NAIVE) * repetitions - await connection.fetchval("SELECT count(*) FROM track")
    paced = [await _paced(database, rate, turn + 200) for turn, rate in enumerate((5_000, 20_000))]
    await database.close()
    return [
        Result(
            "P1",
            f"{total:,} positions of {UNITS:,} units to history and latest",
            "committed/s",
            middle(ours),
            {"COPY + upsert of ready rows": middle(limit), "one commit each": middle(naive)},
            f"lost: {lost}; {middle(ours) / middle(naive):.0f}x one commit each",
            limit="COPY + upsert of ready rows",
            target=0.5,
        ),
        *paced,
    ]


def _positions(total: int, turn: int) -> Batches:
    """Positions of many units, seconds apart, in batches as links hand them on."""
    began = datetime.now(UTC) - timedelta(hours=turn + 1)
    rows = [_position(n % UNITS, began + timedelta(seconds=n // UNITS), began) for n in range(total)]
    return [rows[at : at + AT_ONCE] for at in range(0, total, AT_ONCE)]


def _position(unit: int, true_at: datetime, heard_at: datetime) -> Heard:
    place = "990181100000"
    return Heard(unit, "990181", None, place, 115.5, 28.0, None, 3.0, 90.0, true_at, true_at, heard_at)


async def _per_s(count: int, work: object) -> float:
    began = time.perf_counter()
    await work  # type: ignore[misc]
    return count / (time.perf_counter() - began)


async def _ours(database: Database, batches: Batches) -> None:
    async with Recorder(database, SystemClock()).running() as recorder:
        for rows in batches:
            done = await recorder.record(list(rows))
        await done


async def _limit(database: Database, batches: Batches) -> None:
    async with database.raw() as connection:
        for rows in batches:
            ready = [(h.device_id, h.true_at, h.lon, h.lat) for h in rows]
            async with connection.transaction():
                await connection.copy_records_to_table("bench_track", records=ready)
                await connection.execute(_LATEST, *(list(column) for column in zip(*ready, strict=True)))


async def _naive(database: Database, batches: Batches) -> None:
    for rows in batches:
        for row in rows:
            async with database.transaction() as tx:
                await store.write_many(tx, [row])


async def _paced(database: Database, rate: int, turn: int, seconds: int = 5) -> Result:
    """Report at a rate; how long after it was heard is the oldest of each second committed?"""
    slices, clock = 10, SystemClock()
    waits: list[float] = []
    async with Recorder(database, clock).running() as recorder:

        async def committed(done: asyncio.Future[None], heard_at: float) -> None:
            await asyncio.shield(done)
            waits.append((time.perf_counter() - heard_at) * 1000)

        began = time.perf_counter()
        waiting = []
        for number in range(seconds * slices):
            now = clock.now() - timedelta(days=turn)
            rows = [_position(n % UNITS, now + timedelta(microseconds=n), now) for n in range(rate // slices)]
            waiting.append(asyncio.create_task(committed(await recorder.record(rows), time.perf_counter())))
            await asyncio.sleep(max(0.0, began + (number + 1) / slices - time.perf_counter()))
        await asyncio.gather(*waiting)
    waits.sort()
    return Result(
        "P1",
        f"{rate:,} positions a second for {seconds} s: heard → committed, p99",
        "ms",
        waits[int(len(waits) * 0.99)],
        {"two flushes + 100 ms": 500.0},
        f"median {middle(waits):.0f} ms",
        limit="two flushes + 100 ms",
        target=1.0,
        less=True,
    )
