"""Several real nodes on one database, people who write through them and screens that wander between them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.node import Service

PATIENCE_S = 60
SILENT_S = 7.0  # the heart beats every five seconds: a line that says nothing for longer is dead
INCIDENT = {"event_code": "12G00", "region_code": "990181001001"}


@asynccontextmanager
async def nodes(
    url: str, folder: Path, count: int, settings: Mapping[str, str] = {}
) -> AsyncIterator[list[Service]]:
    """Run so many nodes on one database while the block lasts."""
    async with AsyncExitStack() as stack:
        services = []
        for number in range(count):
            data = folder / f"node-{number}"
            data.mkdir()
            own = {"ZHISHOU_MQTT_CLIENT_ID": f"node-{number}", **settings}
            services.append(await stack.enter_async_context(Service(url, data, own)))
        yield services


async def leads(service: Service) -> bool | None:
    """Whether a node says that it leads; None when it does not answer."""
    with suppress(httpx.HTTPError):
        async with httpx.AsyncClient(timeout=2) as client:
            told = (await client.get(f"{service.address}/api/health")).json()
            return bool(told["parts"]["leader"]["leads"])
    return None


async def until(
    met: Callable[[], Awaitable[object]], told: Callable[[], Awaitable[object]] | None = None
) -> None:
    """Wait for something that another process does; say what was told of it when it does not come."""
    try:
        await _met(met)
    except TimeoutError:
        pytest.fail(f"{met.__qualname__}: {await told() if told else 'not within a minute'}")


async def _met(met: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await met():  # noqa: ASYNC110 - another process has no event to wait on
            await asyncio.sleep(0.05)


async def standing(url: str, service: Service) -> str:
    """Tell what a node and its database are doing, for a failure that cannot be seen again."""
    asked = (
        "SELECT state, wait_event, extract(epoch FROM now() - xact_start) AS in_tx_s, left(query, 60) AS q"
        " FROM pg_stat_activity WHERE backend_type = 'client backend' AND state <> 'idle'"
    )
    busy = [dict(row) for row in await rows(url, asked)]
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            health = (await client.get(f"{service.address}/api/health")).text
    except httpx.HTTPError as error:
        health = repr(error)
    log = service.log_path.read_text("utf-8", "replace")[-2000:]
    return f"{health}\n{busy}\n{log}"


async def rows(url: str, query: str, *values: object) -> list[asyncpg.Record]:
    """Ask the database itself."""
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(query, *values))
    finally:
        await connection.close()


async def session(service: Service, username: str = "wangjun") -> str:
    """Log in at one node; the cookie is good at every node."""
    async with service.client(username) as client:
        return client.cookies["zhishou_session"]


@dataclass
class Person:
    """Opens incidents at whichever node answers, each under one key however often it is tried."""

    services: Sequence[Service]
    cookie: str
    name: str
    done: list[int] = field(default_factory=list)

    async def write(self, count: int) -> None:
        """Open so many incidents, one after the other."""
        at = 0
        async with httpx.AsyncClient(cookies={"zhishou_session": self.cookie}, timeout=3) as client:
            for _ in range(count):
                while (opened := await self._try(client, at, f"{self.name}-{len(self.done)}")) is None:
                    at += 1
                    await asyncio.sleep(0.05)
                self.done.append(opened)

    async def _try(self, client: httpx.AsyncClient, at: int, key: str) -> int | None:
        service = self.services[at % len(self.services)]
        with suppress(httpx.TransportError):
            answer = await client.post(
                f"{service.address}/api/incidents", json=INCIDENT, headers={"Idempotency-Key": key}
            )
            if answer.status_code == 201:
                return int(answer.json()["id"])
        return None


@dataclass
class Wanderer:
    """A screen that resumes at the next node behind the last event it saw, as the console does."""

    services: Sequence[Service]
    cookie: str
    after: int
    at: int = 0
    transcript: list[dict[str, Any]] = field(default_factory=list)
    visits: int = 0
    resyncs: int = 0
    positions: int = 0

    async def look(self) -> None:
        """Watch for ever."""
        while True:
            service = self.services[self.at % len(self.services)]
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._watch(service)
            self.at += 1
            await asyncio.sleep(0.05)

    async def _watch(self, service: Service) -> None:
        address = f"{service.address.replace('http', 'ws')}/ws?after={self.after}"
        headers = {"Cookie": f"zhishou_session={self.cookie}"}
        async with connect(
            address, additional_headers=headers, proxy=None, open_timeout=3, close_timeout=0.2
        ) as line:
            self.visits += 1
            await self._hear(line)

    async def _hear(self, line: ClientConnection) -> None:
        while True:
            async with asyncio.timeout(SILENT_S):
                message = json.loads(await line.recv())
            if "." in message["type"]:
                self.transcript.append(message)
                self.after = message["seq"]
            self.resyncs += message["type"] == "resync"
            self.positions += len(message.get("positions", ()))

    @property
    def seqs(self) -> list[int]:
        """The numbers of what it was told, in the order in which it was told."""
        return [message["seq"] for message in self.transcript]


@asynccontextmanager
async def watching(screens: Sequence[Wanderer]) -> AsyncIterator[None]:
    """Let screens watch while the block lasts."""
    tasks = [asyncio.create_task(screen.look()) for screen in screens]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def head(url: str) -> int:
    """Return the last number of the journal."""
    return int((await rows(url, "SELECT seq FROM journal_head WHERE stream = '990181'"))[0][0])


async def compared(url: str, screens: Sequence[Wanderer], begun: int, people: Sequence[Person]) -> None:
    """Wait for the screens to reach the journal's end; then nothing is lost, doubled or out of order."""
    written = await rows(
        url, "SELECT seq, type FROM journal WHERE stream = '990181' AND seq > $1 ORDER BY seq", begun
    )
    opened = [row["seq"] for row in written if row["type"] == "incident.opened"]
    ids = [one for person in people for one in person.done]
    assert len(opened) == len(ids) == len(set(ids))  # each command was carried out once

    async def arrived() -> bool:
        return all(opened[-1] in screen.seqs for screen in screens)

    await until(arrived)
    for screen in screens:
        assert screen.resyncs == 0
        assert screen.seqs == sorted(set(screen.seqs))  # in order, none twice
        told = [m["seq"] for m in screen.transcript if m["type"] == "incident.opened"]
        assert told == opened  # none lost
