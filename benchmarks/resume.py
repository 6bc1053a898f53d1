"""P4: clients reconnect at once and resume 50 missed events each, while writers go on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

from app.db import Database
from app.journal import store
from app.journal.store import Entry
from app.org.rules.access import Concern
from benchmarks.journal import STREAM, Noted
from benchmarks.processes import Server, clients, report, server
from benchmarks.result import Result, middle

MISSED = 50
MEANWHILE = 20


def measure(url: str, count: int = 4_000, repetitions: int = 3) -> Iterator[Result]:
    """The hub with events written during the storm; the naive server, which would lose those, without."""
    asyncio.run(_append(url, MISSED))
    hub_s, hub_cpu, naive_s, naive_cpu, wrong = [], [], [], [], 0
    for _ in range(repetitions):
        with server("hub", url) as hub, server("naive", url) as naive:
            seconds, per_cpu, faults = _storm(hub, url, count, MEANWHILE)
            hub_s.append(seconds)
            hub_cpu.append(per_cpu)
            wrong += faults
            seconds, per_cpu, _ = _storm(naive, url, count, 0)
            naive_s.append(seconds)
            naive_cpu.append(per_cpu)
    note = f"lost, doubled or disordered: {wrong} of {count * (MISSED + MEANWHILE) * repetitions:,}"
    workload = f"{count} clients resume {MISSED} events, {MEANWHILE} more written meanwhile"
    yield Result(
        "P4", workload, "resumed/CPU-s", middle(hub_cpu), {"naive": middle(naive_cpu)}, note, "naive", 5.0
    )
    yield Result("P4", "… time to the last client", "s", middle(hub_s), {"naive": middle(naive_s)}, less=True)


def _storm(one: Server, url: str, count: int, meanwhile: int) -> tuple[float, float, int]:
    head = asyncio.run(_append(url, 0))
    before = one.cpu()
    with clients(one.port, count, wants=head + meanwhile, after=head - MISSED) as fleet:
        asyncio.run(_append(url, meanwhile))
        told = report(fleet)
    return (
        told["s"],
        count / (one.cpu() - before).total_s,
        told["lost"] + told["doubled"] + told["disordered"],
    )


async def _append(url: str, count: int) -> int:
    database = Database(url)
    entry = Entry(Noted(), Concern(("990181100000",)))
    async with database.transaction() as tx:
        await store.open_stream(tx, STREAM)
    for _ in range(count):
        async with database.transaction() as tx:
            await store.append(tx, STREAM, datetime.now(UTC), [entry])
        await asyncio.sleep(0.01)
    async with database.transaction() as tx:
        head = await store.head(tx, STREAM)
    await database.close()
    return head
