"""D2: who is on duty at all 44 posts of the fictional city, and who is next, on a connection just opened.

Nothing is cached: each question has a connection of its own, so that every statement is prepared anew. The
limit in the same run is one bare statement that fetches the shifts that hold.
"""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime

from sqlalchemy import text

from app.db import Database
from app.duty.roster.on_duty import on_duty
from app.stage.seed import STREAM, seed
from benchmarks.result import Result

NOW = datetime(2026, 11, 18, 18, 13, tzinfo=UTC)  # 02:13 in the county
QUESTIONS = 25
LIMIT_MS = 20.0
_BARE = "SELECT * FROM shift WHERE state = 'planned' AND tstzrange(starts_at, ends_at) @> now()"


async def measure(url: str) -> Result:
    """Return the median in milliseconds; the worst stands in the note."""
    database = Database(url)
    await seed(database, NOW)
    await database.close()
    ours, bare = [], []
    for _ in range(QUESTIONS):
        ours.append(await _asked(url))
        bare.append(await _fetched(url))
    note = f"worst {max(ours):.1f} ms of {QUESTIONS}, each on a new connection; at most {LIMIT_MS:.0f} ms"
    return Result(
        "D2",
        "on duty now and next at 44 posts",
        "ms",
        statistics.median(ours),
        {"one bare SELECT": statistics.median(bare)},
        note,
    )


async def _asked(url: str) -> float:
    database = Database(url, pool_size=1)
    try:
        async with database.transaction() as tx:
            await tx.execute(text("SELECT 1"))
            began = time.perf_counter()
            posts = await on_duty(tx, STREAM, STREAM, NOW)
            took = time.perf_counter() - began
    finally:
        await database.close()
    if len(posts) != 44 or any(seat.missing for post in posts for seat in post.seats):
        raise RuntimeError("not every seat of the 44 posts is held")
    return took * 1e3


async def _fetched(url: str) -> float:
    database = Database(url, pool_size=1)
    try:
        async with database.transaction() as tx:
            await tx.execute(text("SELECT 1"))
            began = time.perf_counter()
            (await tx.execute(text(_BARE))).all()
            return (time.perf_counter() - began) * 1e3
    finally:
        await database.close()
