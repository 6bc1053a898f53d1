"""P2: from the POST of an assignment to the last of 100 and 1,000 consoles, through the real service.

The limit of the same run is the sum of two raw parts: one statement with its commit over a bare asyncpg
connection, and the fan-out of as many bytes by a bare uvloop server to as many of the same clients. Beside it
the CPU that one assignment costs the service, with everything it does in the meantime.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import httpx
import psutil  # type: ignore[import-untyped]
from websockets.asyncio.client import ClientConnection, connect

from app.db import Database
from app.stage.seed import seed
from benchmarks.processes import server
from benchmarks.result import Result, middle
from tests.node import Service

SIZES = (100, 1_000)
ROUNDS = 25
_ROW = "INSERT INTO bench_assignment (team_id, told) VALUES ($1, $2)"


async def measure(url: str) -> list[Result]:
    """Return p50 of the time to the last screen in milliseconds, for each number of screens."""
    database = Database(url)
    await seed(database)
    await database.close()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        service = await stack.enter_async_context(Service(url, Path(folder), cold=True))
        desk = await stack.enter_async_context(service.client("wangjun"))
        raw = stack.enter_context(server("raw"))
        bare = await asyncpg.connect(url)
        stack.push_async_callback(bare.close)
        await bare.execute("CREATE TABLE bench_assignment (team_id bigint, told text)")
        told = {"event_code": "11A01", "region_code": "990181100204"}
        incident = (await desk.post("/api/incidents", json=told)).raise_for_status().json()["id"]
        teams = iter([one["id"] for one in (await desk.get("/api/snapshot")).json()["teams"]])
        return [await _at(count, service, desk, raw.port, bare, incident, teams) for count in SIZES]


async def _at(
    count: int,
    service: Service,
    desk: httpx.AsyncClient,
    raw_port: int,
    bare: asyncpg.Connection,
    incident: int,
    teams: Iterator[int],
) -> Result:
    async with AsyncExitStack() as here, httpx.AsyncClient() as other:
        seq = (await desk.get("/api/snapshot")).json()["seq"]
        cookie = {"Cookie": f"zhishou_session={desk.cookies['zhishou_session']}"}
        address = f"ws://127.0.0.1:{service.port}/ws?after={seq}"
        screens = [await here.enter_async_context(_screen(address, cookie)) for _ in range(count)]
        bare_address = f"ws://127.0.0.1:{raw_port}/ws"
        plain = [await here.enter_async_context(_screen(bare_address, {})) for _ in range(count)]

        async def ours() -> None:
            sent = {"team_id": next(teams), "text": "速去"}
            (await desk.post(f"/api/incidents/{incident}/assignments", json=sent)).raise_for_status()

        async def fan_out() -> None:
            await other.post(f"http://127.0.0.1:{raw_port}/publish?rounds=1&bytes={size}")

        mine: list[float] = []
        limit: list[float] = []
        sizes: list[int] = []
        cpu: list[float] = []
        for number in range(ROUNDS):
            before = _cpu_s(service)
            took, size = await _last(screens, "assignment.dispatched", ours)
            cpu.append((_cpu_s(service) - before) * 1e3)
            mine.append(took)
            sizes.append(size)
            began = time.perf_counter()
            await bare.execute(_ROW, number, "x" * 600)
            committed = (time.perf_counter() - began) * 1e3
            limit.append(committed + (await _last(plain, "bench.noted", fan_out))[0])
    note = (
        f"worst {max(mine):.0f} ms of {ROUNDS}; {sum(cpu) / ROUNDS:.1f} CPU ms of the service each; "
        f"frames of {min(sizes) / 1024:.0f}-{max(sizes) / 1024:.0f} KiB; at most 2x the limit"
    )
    return Result(
        "P2", f"assign → last of {count:,} screens", "ms", middle(mine), {"raw": middle(limit)}, note
    )


def _screen(address: str, headers: dict[str, str]) -> connect:
    """The bare server answers neither a ping nor a farewell: nobody waits for them."""
    return connect(
        address,
        additional_headers=headers,
        max_queue=None,
        compression=None,
        ping_interval=None,
        close_timeout=0.01,
    )


def _cpu_s(service: Service) -> float:
    times = psutil.Process(service.pid).cpu_times()
    return float(times.user + times.system)


async def _last(
    screens: Sequence[ClientConnection], word: str, act: Callable[[], Awaitable[None]]
) -> tuple[float, int]:
    """Act; return after how many milliseconds the last screen has the frame with the event, and its bytes."""
    waiting = [asyncio.create_task(_hears(one, word)) for one in screens]
    await asyncio.sleep(0)
    began = time.perf_counter()
    await act()
    async with asyncio.timeout(60):
        heard = await asyncio.gather(*waiting)
    return (max(at for at, _ in heard) - began) * 1e3, heard[0][1]


async def _hears(screen_: ClientConnection, word: str) -> tuple[float, int]:
    """Return when the event came, and how many bytes it has. The frame is not decoded: that is not ours."""
    wanted = word.encode()
    while wanted not in (told := await screen_.recv(decode=False))[:200]:
        pass
    return time.perf_counter(), len(told)
