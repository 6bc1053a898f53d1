"""T2 and T3: 10,000 JT/T 808 terminals on one node, through the real service.

T2: resident memory of an idle, authenticated connection. T3: all of them report every ten seconds for a
minute; every report must be acknowledged and stored, while an SOS still reaches the console within a second.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import asyncpg
import psutil  # type: ignore[import-untyped]

from app.db import Database
from app.demo.city import generate
from app.stage.seed import seed
from benchmarks.alarm import screen, seen_everywhere, terminal
from benchmarks.result import Result, middle
from benchmarks.terminal_client import CODE
from tests.node import Service

FIRST = 15_000_000_000
FEW, MANY = 2_000, 10_000
SECONDS = 60
CALLS = 40
PROMISED_KIB = 25.0
READY_WITHIN_S = 300


async def measure(url: str) -> list[Result]:
    """Return the memory of a connection, the reports without loss, and the time to the console meanwhile."""
    database = Database(url)
    await seed(database)
    await database.close()
    await _register(url)
    callers = [device.number for device in generate().devices if device.family == "jt808"]
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        service = await stack.enter_async_context(Service(url, Path(folder), cold=True))
        desk = await stack.enter_async_context(service.client("wangjun"))
        screens = [await screen(stack, service, desk)]
        empty = _rss(service)
        first = stack.enter_context(_client(service.jt808_port, FIRST, FEW))
        await _line(first)
        few_kib = (_rss(service) - empty) / FEW / 1024
        second = stack.enter_context(_client(service.jt808_port, FIRST + FEW, MANY - FEW))
        await _line(second)
        many_kib = (_rss(service) - empty) / MANY / 1024
        terminals = [await terminal(stack, service, phone) for phone in callers]

        async def press(number: int) -> None:
            terminals[number % len(terminals)].press_sos()

        for client in (first, second):
            assert client.stdin is not None
            client.stdin.write(f"{SECONDS}\n")
            client.stdin.flush()
        before_s = _cpu_s(service)
        latencies = []
        for number in range(min(CALLS, len(terminals))):
            latencies.append(await seen_everywhere(screens, "alarm.raised", press, number))
            await asyncio.sleep(SECONDS / CALLS)
        told = [json.loads(await _line(client)) for client in (first, second)]
        used_s = _cpu_s(service) - before_s
        await service.kill()  # what is not stored by now is lost
    sent = sum(one["sent"] for one in told)
    lost = sent - sum(one["acknowledged"] for one in told)
    stored = await _stored(url)
    acked_ms = max(one["p99_ms"] for one in told)
    latencies.sort()
    return [
        Result(
            "T2",
            f"idle JT808 connections: {FEW:,}, then {MANY:,}",
            "KiB each",
            many_kib,
            {"promise": PROMISED_KIB},
            f"{few_kib:.1f} KiB each at {FEW:,}",
        ),
        Result(
            "T3",
            f"{MANY:,} terminals report every 10 s for {SECONDS} s: report → acknowledged, p99",
            "ms",
            acked_ms,
            {},
            f"sent {sent:,}, not acknowledged {lost}, stored {stored:,}; "
            f"service CPU {used_s:.0f} s meanwhile",
        ),
        Result(
            "T3",
            f"… SOS frame → console meanwhile, p99 of {len(latencies)}",
            "ms",
            latencies[int(len(latencies) * 0.99)],
            {"promise": 1000.0},
            f"median {middle(latencies):.0f} ms",
        ),
    ]


async def _register(url: str) -> None:
    """Put the terminals into the register, each with its credential, as if they had enrolled before."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            """
            INSERT INTO device (stream, family, number, label, region_code, active, facts, terminal_id,
                                auth_code_hash)
            SELECT '990181', 'jt808', n::text, 'bench ' || n, '990181000000', true, '{}', 'B' || n, $1
              FROM generate_series($2::bigint, $3::bigint) AS n
            """,
            hashlib.sha256(CODE.encode()).hexdigest(),
            FIRST,
            FIRST + MANY - 1,
        )
    finally:
        await connection.close()


async def _stored(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetchval(
            "SELECT count(*) FROM track t JOIN device d ON d.id = t.device_id "
            "WHERE d.number BETWEEN $1 AND $2",
            str(FIRST),
            str(FIRST + MANY - 1),
        )
        return int(found)
    finally:
        await connection.close()


def _cpu_s(service: Service) -> float:
    times = psutil.Process(service.pid).cpu_times()
    return float(times.user + times.system)


def _rss(service: Service) -> int:
    return int(psutil.Process(service.pid).memory_info().rss)


@contextmanager
def _client(port: int, first: int, count: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "benchmarks.terminal_client", str(port), str(first), str(count)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


async def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(READY_WITHIN_S):
        line = await asyncio.to_thread(process.stdout.readline)
    if not line:
        raise RuntimeError("the load client failed")
    return line
