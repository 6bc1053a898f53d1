"""P9: the same commands through one, two and three nodes on one database; and two counties on one.

Work per CPU-second of all nodes together: what is told to every node costs on every node, what is led costs
on one. With two counties the journal's order is kept for each by itself.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from app.db import Database
from app.journal import store
from app.journal.store import Entry
from app.org.rules.access import Concern
from app.stage.seed import seed
from benchmarks.journal import Noted
from benchmarks.result import Result, middle
from tests.node import Service

NODES = (1, 2, 3)
AT_ONCE = 6
TARGET = 0.85
WARMING = 60  # commands of each node before it counts: connections, prepared statements, caches
INCIDENT = {"event_code": "12G00", "region_code": "990181001001"}
WRITERS = 16


async def measure(url: str, commands: int = 300, repetitions: int = 3) -> list[Result]:
    """Interleave one, two and three nodes."""
    database = Database(url, pool_size=WRITERS + 2)
    await seed(database)
    per_cpu_s: dict[int, list[float]] = {count: [] for count in NODES}
    for _ in range(repetitions):
        for count in NODES:
            async with _nodes(url, count) as services:
                per_cpu_s[count].append(await _commands(services, commands))
    one = middle(per_cpu_s[1])
    results = [
        Result(
            "P9",
            f"{commands} commands through {count} nodes",
            "commands/CPU-s of all nodes",
            middle(per_cpu_s[count]),
            {"1 node": one},
            limit="1 node",
            target=TARGET,
        )
        for count in NODES[1:]
    ]
    results.append(await _counties(database, commands, repetitions))
    await database.close()
    return results


@asynccontextmanager
async def _nodes(url: str, count: int) -> AsyncIterator[list[Service]]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        services = []
        for number in range(count):
            (folder / str(number)).mkdir()
            service = Service(url, folder / str(number))
            services.append(await stack.enter_async_context(service))
        yield services


async def _commands(services: Sequence[Service], count: int) -> float:
    """Return commands per CPU-second of the nodes when warm, above what they use while idle."""
    async with AsyncExitStack() as stack:
        desks = [await stack.enter_async_context(one.client("wangjun")) for one in services]
        for number in range(WARMING * len(desks)):
            (await desks[number % len(desks)].post("/api/incidents", json=INCIDENT)).raise_for_status()
        began, before = time.perf_counter(), _cpu_s(services)
        await asyncio.sleep(3)
        idle = (_cpu_s(services) - before) / (time.perf_counter() - began)

        async def act(first: int) -> None:
            for number in range(first, count, AT_ONCE):
                answer = await desks[number % len(desks)].post("/api/incidents", json=INCIDENT)
                answer.raise_for_status()

        began, before = time.perf_counter(), _cpu_s(services)
        await asyncio.gather(*(act(first) for first in range(AT_ONCE)))
        used = _cpu_s(services) - before - idle * (time.perf_counter() - began)
    return count / max(used, 1e-9)


def _cpu_s(services: Sequence[Service]) -> float:
    times = [psutil.Process(service.pid).cpu_times() for service in services]
    return float(sum(one.user + one.system for one in times))


async def _counties(database: Database, count: int, repetitions: int) -> Result:
    """The same writers on one county's journal and on two."""
    counties = ("990181", "990182")
    async with database.transaction() as tx:
        for stream in counties:
            await store.open_stream(tx, stream)
    entry = Entry(Noted(), Concern(("990181100000",)))

    async def write(stream: str) -> None:
        for _ in range(count // WRITERS + 1):
            async with database.transaction() as tx:
                await store.append(tx, stream, datetime.now(UTC), [entry])

    async def per_s(streams: Sequence[str]) -> float:
        began = time.perf_counter()
        await asyncio.gather(*(write(streams[n % len(streams)]) for n in range(WRITERS)))
        return WRITERS * (count // WRITERS + 1) / (time.perf_counter() - began)

    two, one = [], []
    for _ in range(repetitions):
        one.append(await per_s(counties[:1]))
        two.append(await per_s(counties))
    return Result(
        "P9",
        f"journal: {WRITERS} writers in two counties on one database",
        "events/s",
        middle(two),
        {"in one county": middle(one)},
        limit="in one county",
        target=1.0,
    )
