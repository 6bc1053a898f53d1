"""P5: ten of 1,000, 10,000 and 100,000 units in process, and of 100,000 through the API with the reasons.

While the API is asked, 5,000 units move every second. It is asked over a bare connection: a client like httpx
takes a millisecond of its own for a request, which is told beside it. The limits of the same run: the bare
numpy kernel (distances and a partition over the same arrays), and scipy on the same matrix for the joint
assignment.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment
from sqlalchemy import text

from app.db import Database
from app.dispatch.recommendation.rules.allocate import solve
from app.dispatch.recommendation.rules.nearest import Units, mask_of, nearest
from app.stage.seed import seed
from benchmarks.result import Result, middle
from tests.node import Service

T = TypeVar("T")
SIZES = (1_000, 10_000, 100_000)
REPETITIONS = 200
QUESTIONS = 200
MOVING = 5_000
SKILLS = ("boat", "medical", "hazmat", "forest_fire")
LIMIT_MS = 5.0
_UNITS = """
INSERT INTO team (stream, name_zh, name_en, call_sign, kind, region_code, lon, lat, strength,
                  standby_strength, speed_kmh, capabilities, standby, dispatchable)
SELECT '990181', '测试队' || n, 'Unit ' || n, 'T' || n, 'semi_pro', '990181100000',
       115.2 + 0.6 * random(), 27.7 + 0.6 * random(), 20, 12, 30 + 40 * random(),
       ARRAY['boat', (ARRAY['flood_rescue', 'medical', 'evacuation'])[1 + n % 3]], true, true
  FROM generate_series(1, :n) n
"""
_POSITIONS = """
INSERT INTO position (device_id, stream, team_id, region_code, lon, lat, true_at, heard_at)
SELECT 1000000 + id, '990181', id, region_code, lon, lat, now(), now() FROM team WHERE name_en LIKE 'Unit %'
"""
_MOVE = """
UPDATE position SET lon = lon + 0.0001, true_at = now(), heard_at = now()
 WHERE device_id IN (SELECT device_id FROM position WHERE device_id > 1000000
                      ORDER BY device_id LIMIT :many OFFSET :start)
"""


def in_process() -> list[Result]:
    """Return microseconds for ten of so many units, beside the bare kernel; and the joint assignment."""
    return [_nearest(size) for size in SIZES] + [_assigned()]


def _nearest(size: int) -> Result:
    random = np.random.default_rng(7)
    rows = [
        (
            n + 1,
            "990181100201",
            40.0,
            (SKILLS[n % 4],),
            115.2 + random.random() * 0.6,
            27.7 + random.random() * 0.6,
        )
        for n in range(size)
    ]
    units, mask = Units.of(rows), mask_of(("boat",))

    def ours() -> object:
        return nearest(units, 115.5, 28.0, mask, "990181", 10, 1.3)

    def kernel() -> object:
        index = np.flatnonzero(units.mask & mask)
        east = (units.lon[index] - 115.5) * 0.88
        north = units.lat[index] - 28.0
        seconds = np.sqrt(east * east + north * north) / units.mps[index]
        return units.ids[index[np.argpartition(seconds, 10)[:10]]]

    mine, bare = _interleaved(ours, kernel)
    return Result(
        "P5", f"10 nearest able of {size:,}", "µs", mine * 1e6, {"numpy kernel": bare * 1e6}, "≤ 2x + 100 µs"
    )


def _assigned() -> Result:
    costs = np.random.default_rng(7).uniform(60, 7200, (50, 10_000))
    unfilled = np.full(50, 1e6)
    best = [column for column in solve(costs, unfilled) if column is not None]
    rows, columns = linear_sum_assignment(costs)
    mine_costs, least = costs[np.arange(50), best].sum(), costs[rows, columns].sum()
    if abs(mine_costs - least) > 1e-6:
        raise RuntimeError("the joint assignment is not the cheapest")
    mine, bare = _interleaved(lambda: solve(costs, unfilled), lambda: linear_sum_assignment(costs), 30)
    return Result(
        "P5", "50 places × 10,000 units, equal cost", "ms", mine * 1e3, {"scipy": bare * 1e3}, "≤ 2x scipy"
    )


def _interleaved(
    ours: Callable[[], object], other: Callable[[], object], times: int = REPETITIONS
) -> tuple[float, float]:
    mine: list[float] = []
    theirs: list[float] = []
    for _ in range(times):
        for work, took in ((ours, mine), (other, theirs)):
            began = time.perf_counter()
            work()
            took.append(time.perf_counter() - began)
    return middle(mine), middle(theirs)


async def through_the_api(url: str) -> Result:
    """Return the median in milliseconds of a recommendation with reasons among 100,000 units that move."""
    database = Database(url)
    await seed(database)
    async with database.transaction() as tx:
        await tx.execute(text(_UNITS), {"n": SIZES[-1]})
        await tx.execute(text(_POSITIONS))
    async with (
        database.engine.connect() as connection
    ):  # as a database that runs for a day has done by itself
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("ANALYZE"))
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        service = await stack.enter_async_context(Service(url, Path(folder), cold=True))
        desk = await stack.enter_async_context(service.client("wangjun"))
        told = {"event_code": "11A01", "region_code": "990181100204", "lon": 115.5, "lat": 28.0}
        opened = (await desk.post("/api/incidents", json=told)).raise_for_status().json()
        path = f"/api/incidents/{opened['id']}/recommendation"
        (await desk.get(path)).raise_for_status()  # the first loads NumPy and the register
        moving = asyncio.create_task(_moving(database))
        bare = await _Line.to(service.port, f"zhishou_session={desk.cookies['zhishou_session']}")
        took: dict[str, list[float]] = {"advice": [], "httpx": [], "incident": []}
        try:
            for _ in range(QUESTIONS):
                await _timed(took["incident"], bare.get(f"/api/incidents/{opened['id']}"))
                await _timed(took["httpx"], desk.get(path))
                answer = await _timed(took["advice"], bare.get(path))
                if len(json.loads(answer)["offers"]) < 10:
                    raise RuntimeError("fewer than ten offers")
                await asyncio.sleep(0.02)
        finally:
            moving.cancel()
            bare.close()
    await database.close()
    worst = sorted(took["advice"])[int(QUESTIONS * 0.99)]
    note = f"p99 {worst:.1f} ms, {MOVING:,} units move every second; at most {LIMIT_MS:.0f} ms"
    return Result(
        "P5",
        "10 of 100,000 explained through the API",
        "ms",
        middle(took["advice"]),
        {"read one incident": middle(took["incident"]), "asked by httpx": middle(took["httpx"])},
        note,
    )


async def _timed(times: list[float], asked: Awaitable[T]) -> T:
    began = time.perf_counter()
    answer = await asked
    times.append((time.perf_counter() - began) * 1e3)
    return answer


@dataclass
class _Line:
    """A connection that asks and reads the answer, and does nothing else."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    cookie: str

    @classmethod
    async def to(cls, port: int, cookie: str) -> _Line:
        return cls(*await asyncio.open_connection("127.0.0.1", port), cookie)

    async def get(self, path: str) -> bytes:
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n\r\n"
        self.writer.write(head.encode())
        told = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        if not told.startswith(b"http/1.1 200 "):
            raise RuntimeError(told.decode())
        return await self.reader.readexactly(int(told.split(b"content-length:")[1].split(b"\r\n")[0]))

    def close(self) -> None:
        self.writer.close()


async def _moving(database: Database) -> None:
    start = 0
    while True:
        async with database.transaction() as tx:
            await tx.execute(text(_MOVE), {"many": MOVING, "start": start})
        start = (start + MOVING) % SIZES[-1]
        await asyncio.sleep(1.0)
