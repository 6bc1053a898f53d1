"""W3: a broadcast to 10,000 terminals: what it would reach, and all that is written when it leaves.

Coverage is read and judged; then the sheet is issued: EBMID, a row for every terminal, the outbox of two
platforms, the journal. The limit of the same run: PostgreSQL alone writing as many rows of results.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from sqlalchemy import text

from app.broadcast.actions import approving, drafting, viewing
from app.broadcast.commands import BroadcastApprovalIn, BroadcastAreaIn, BroadcastIn, BroadcastRevisionIn
from app.broadcast.settings import load_terms
from app.db import Database
from app.journal import store as journal
from app.org.rules.access import Viewer
from benchmarks.result import Result, middle
from tests.world import ZONE

VILLAGES, TERMINALS, REPETITIONS = 5_000, 10_000, 5
STREAM, COUNTY = "990181", "990181000000"
_NOW = datetime(2025, 6, 18, 6, tzinfo=UTC)
_BUILD = (
    "INSERT INTO region SELECT '990181000000', NULL, 'county', '樟川市', '', 118.2, 28.5, 0",
    "INSERT INTO region SELECT '990181' || lpad(t::text, 3, '0') || '000', '990181000000', 'township',"
    " '镇' || t, '', 118.2, 28.5, 0 FROM generate_series(100, 149) t",
    "INSERT INTO region SELECT '990181' || lpad((100 + n % 50)::text, 3, '0')"
    " || lpad((200 + n / 50)::text, 3, '0'),"
    " '990181' || lpad((100 + n % 50)::text, 3, '0') || '000', 'village', '村' || n, '', 118.2, 28.5, 300"
    " FROM generate_series(0, 4999) n",
    "INSERT INTO broadcast_peer (id, stream, name, resource_code, region_code, drills, active) VALUES"
    " (1, '990181', '一', '49901810000000101010101', '990181000000', false, true),"
    " (2, '990181', '二', '49901810000000101020101', '990181000000', false, true)",
    "INSERT INTO broadcast_terminal (stream, resource_code, name, region_code, kind, peer_id, state,"
    " state_words, return_capable, real, drills)"
    " SELECT '990181', '6' || code || '03140104' || lpad(k::text, 2, '0'), name_zh, code,"
    " 'loudspeaker', 1 + right(left(code, 9), 1)::int % 2,"
    " CASE WHEN random() < 0.05 THEN 'stopped' ELSE 'running' END, '', true, true, false"
    " FROM region, generate_series(1, 2) k WHERE kind = 'village'",
    "INSERT INTO event_type (scheme, code, name_zh, name_en, category, restricted)"
    " VALUES ('CN-EVENT-5', '11A51', '山洪灾害', 'flash flood', 'natural', false)",
    "ANALYZE",
)
_BARE = """
INSERT INTO bare SELECT 1, id, 0, '', NULL, NULL, 0, NULL, '' FROM broadcast_terminal
"""


async def measure(url: str) -> Result:
    """Return seconds for coverage and issue of 10,000 terminals, beside the bare rows."""
    database = Database(url, pool_size=2)
    try:
        async with database.transaction() as tx:
            await journal.open_stream(tx, STREAM)
            for statement in _BUILD:
                await tx.execute(text(statement))
            await tx.execute(text("CREATE TABLE bare (LIKE broadcast_result INCLUDING ALL)"))
        ours, bare = [], []
        for n in range(REPETITIONS):
            ours.append(await _broadcast(database, n))
            began = time.perf_counter()
            async with database.transaction() as tx:
                await tx.execute(text(_BARE))
            bare.append(time.perf_counter() - began)
            async with database.transaction() as tx:
                await tx.execute(text("TRUNCATE bare"))
    finally:
        await database.close()
    told = f"{VILLAGES:,} villages, two platforms; required < 2 s"
    limit = {"rows of results alone": middle(bare)}
    return Result("W3", f"broadcast to {TERMINALS:,}: coverage and issue", "s", middle(ours), limit, told)


async def _broadcast(database: Database, n: int) -> float:
    author = Viewer(1, "王军", "duty_officer", STREAM, STREAM)
    leader = Viewer(2, "周敏", "centre_leader", STREAM, STREAM)
    told = BroadcastIn.model_validate(
        {
            "press": f"benchmark-{n}",
            "event_type": "11A51",
            "colour": "red",
            "title": "山洪",
            "text": "请立即转移。",
            "areas": [COUNTY],
        }
    )
    async with database.transaction() as tx:
        number = await drafting.draft(tx, author, told, _NOW)
        await drafting.submit(tx, author, number, BroadcastRevisionIn(revision=1), _NOW)
    began = time.perf_counter()
    async with database.transaction() as tx:
        found = await viewing.precheck(tx, author, BroadcastAreaIn(areas=[COUNTY]), drill=False)
        assert found.terminals == TERMINALS
        await approving.approve(
            tx, leader, number, BroadcastApprovalIn(revision=2), _NOW, load_terms("", STREAM, ZONE, None)
        )
    return time.perf_counter() - began
