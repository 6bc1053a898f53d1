"""P11: what was written of a village in one of four years, found among a million rows of the journal.

The limit is the promise of the scenarios: two seconds (domain/scenarios S20.7). In the same run: how fast
the words are written, and what the same question costs by reading every body.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from app.db import Database
from app.desk.archive import store
from app.desk.archive.keeper import ArchiveKeeper
from app.desk.archive.rules import question
from app.dispatch.ladder.rules import CHINA
from app.scenario.past import pour
from benchmarks.result import Result

STREAM, REGION = "990181", "990181100204"
LIMIT_MS = 2_000.0
ASKED = "东岸村 2025"
TIMES = 9
_EVERY_BODY = """
SELECT seq FROM journal WHERE stream = $1 AND at >= $2 AND at < $3 AND body::text LIKE '%东岸村%'
 ORDER BY seq DESC LIMIT 200
"""


async def measure(url: str, rows: int = 1_000_000) -> list[Result]:
    """Pour four years in, let the words be written, ask."""
    database = Database(url, pool_size=2)
    try:
        async with database.raw() as connection:
            await connection.execute(
                "INSERT INTO journal_head (stream, seq, hash) VALUES ($1, 0, '') ON CONFLICT DO NOTHING",
                STREAM,
            )
        began, ended = datetime(2021, 12, 31, 16, tzinfo=UTC), datetime(2025, 12, 31, 16, tzinfo=UTC)
        await pour(url, STREAM, REGION, rows, began, ended)
        start = time.perf_counter()
        written = await ArchiveKeeper(database, STREAM).look()
        pace = written / (time.perf_counter() - start)
        async with database.raw() as connection:
            await connection.execute("ANALYZE archive_line", timeout=600)
        ours, found = await _ours(database)
        bare = await _every_body(database)
    finally:
        await database.close()
    return [
        Result(
            "P11",
            f"“{ASKED}” among {rows:,} rows of the journal, the slowest of {TIMES}",
            "ms",
            ours,
            {"reading every body": bare, "promise": LIMIT_MS},
            note=f"{found} rows of the first page",
            limit="promise",
            target=1.0,
            less=True,
        ),
        Result("P11", "rows whose words are written, per second", "rows/s", pace, {}),
    ]


async def _ours(database: Database) -> tuple[float, int]:
    slowest, found = 0.0, 0
    for _ in range(TIMES):
        start = time.perf_counter()
        async with database.transaction() as tx:
            found = len(await store.find(tx, STREAM, question(ASKED, CHINA), None, 200))
        slowest = max(slowest, time.perf_counter() - start)
    return slowest * 1000, found


async def _every_body(database: Database) -> float:
    asked = question(ASKED, CHINA)
    async with database.raw() as connection:
        start = time.perf_counter()
        await connection.fetch(_EVERY_BODY, STREAM, asked.start, asked.end, timeout=600)
        return (time.perf_counter() - start) * 1000
