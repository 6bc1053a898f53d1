"""P2: from the POST of an assignment to the last of 100, 1,000 and 5,000 consoles, through the real service.

The limit of the same run is the sum of two raw parts: one statement with its commit over a bare asyncpg
connection, and the fan-out of as many bytes by a bare uvloop server to as many of the same clients. The naive
peer writes one row by SQLAlchemy's ORM and calls `send_text` for each screen. Beside it the CPU that one
assignment costs the service, with everything it does in the meantime, and how many sixteen dispatchers who
press at once get through.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import chain
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

ROUNDS = {100: 25, 1_000: 25, 5_000: 8}  # by how many screens
WARM = 10  # orders before the first that is measured
AT_ONCE, EACH = 16, 6  # dispatchers, and how many teams each sends
_TABLE = "CREATE TABLE bench_assignment (id serial PRIMARY KEY, team_id bigint, told text)"
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
        plain = stack.enter_context(server("naive", url=url))
        bare = await asyncpg.connect(url)
        stack.push_async_callback(bare.close)
        await bare.execute(_TABLE)
        teams = iter([one["id"] for one in (await desk.get("/api/snapshot")).json()["teams"]])
        night = _Night(service, desk, raw.port, plain.port, bare, await _incident(desk), teams)
        warm = await _incident(desk)
        for _ in range(WARM):
            await night.send(warm)
        return [*[await _at(count, night) for count in ROUNDS], await _at_once(night)]


@dataclass(frozen=True, slots=True)
class _Night:
    """What is measured: the service and the desk at it, and the servers and the connection beside it."""

    service: Service
    desk: httpx.AsyncClient
    raw_port: int
    naive_port: int
    bare: asyncpg.Connection
    incident: int
    teams: Iterator[int]

    async def send(self, incident: int) -> None:
        """Send one team more to an incident."""
        sent = {"team_id": next(self.teams), "text": "速去"}
        (await self.desk.post(f"/api/incidents/{incident}/assignments", json=sent)).raise_for_status()

    async def looked_at_by(self, count: int, stack: AsyncExitStack) -> list[ClientConnection]:
        """Open so many screens of the desk, which know all that happened so far."""
        seq = (await self.desk.get("/api/snapshot")).json()["seq"]
        cookie = {"Cookie": f"zhishou_session={self.desk.cookies['zhishou_session']}"}
        return await _open(count, f"ws://127.0.0.1:{self.service.port}/ws?after={seq}", cookie, stack)


async def _incident(desk: httpx.AsyncClient) -> int:
    told = {"event_code": "11A01", "region_code": "990181100204"}
    return int((await desk.post("/api/incidents", json=told)).raise_for_status().json()["id"])


async def _open(
    count: int, address: str, headers: dict[str, str], stack: AsyncExitStack
) -> list[ClientConnection]:
    return [await stack.enter_async_context(_screen(address, headers)) for _ in range(count)]


async def _at(count: int, night: _Night) -> Result:
    async with AsyncExitStack() as here, httpx.AsyncClient() as other:
        service, bare = night.service, night.bare
        screens = await night.looked_at_by(count, here)
        plain = await _open(count, f"ws://127.0.0.1:{night.raw_port}/ws", {}, here)
        simple = await _open(count, f"ws://127.0.0.1:{night.naive_port}/ws", {}, here)

        async def ours() -> None:
            await night.send(night.incident)

        async def fan_out() -> None:
            await other.post(f"http://127.0.0.1:{night.raw_port}/publish?rounds=1&bytes={size}")

        async def naively() -> None:
            asked = f"http://127.0.0.1:{night.naive_port}/assign?team_id=1&bytes={size}"
            (await other.post(asked)).raise_for_status()

        mine: list[float] = []
        limit: list[float] = []
        naive: list[float] = []
        sizes: list[int] = []
        cpu: list[float] = []
        for number in range(ROUNDS[count]):
            before = _cpu_s(service)
            took, size = await _last(screens, "assignment.dispatched", ours)
            cpu.append((_cpu_s(service) - before) * 1e3)
            mine.append(took)
            sizes.append(size)
            began = time.perf_counter()
            await bare.execute(_ROW, number, "x" * 600)
            committed = (time.perf_counter() - began) * 1e3
            limit.append(committed + (await _last(plain, "bench.noted", fan_out))[0])
            naive.append((await _last(simple, "bench.noted", naively))[0])
    note = (
        f"worst {max(mine):.0f} ms of {len(mine)}; {sum(cpu) / len(cpu):.1f} CPU ms of the service each; "
        f"frames of {min(sizes) / 1024:.0f}-{max(sizes) / 1024:.0f} KiB"
    )
    others = {"raw": middle(limit), "ORM + send_text": middle(naive)}
    workload = f"assign → last of {count:,} screens"
    return Result("P2", workload, "ms", middle(mine), others, note, limit="raw", target=2.0, less=True)


async def _at_once(night: _Night) -> Result:
    """Sixteen dispatchers, each at an incident of his own, press again when they have their answer."""
    incidents = [await _incident(night.desk) for _ in range(AT_ONCE)]

    async def dispatcher(incident: int) -> list[float]:
        took = []
        for _ in range(EACH):
            began = time.perf_counter()
            await night.send(incident)
            took.append((time.perf_counter() - began) * 1e3)
        return took

    async with AsyncExitStack() as here:
        screens = await night.looked_at_by(min(ROUNDS), here)
        reading = [asyncio.create_task(_reads(one)) for one in screens]
        before = _cpu_s(night.service)
        waits = sorted(chain.from_iterable(await asyncio.gather(*map(dispatcher, incidents))))
        each = len(waits) / (_cpu_s(night.service) - before)
        for one in reading:
            one.cancel()
    note = (
        f"an answer after {waits[len(waits) // 2]:.0f} ms, the last after {waits[-1]:.0f} ms, of {len(waits)}"
    )
    workload = f"{AT_ONCE} dispatchers at once, {min(ROUNDS)} screens"
    return Result("P2", workload, "assignments/CPU-s", each, {}, note)


async def _reads(screen: ClientConnection) -> None:
    while True:
        await screen.recv(decode=False)


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
