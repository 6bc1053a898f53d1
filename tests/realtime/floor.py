"""What the tests of the real-time floor share: people, rows, a line that records, a served floor."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect

from app.clock import SetClock
from app.db import Database
from app.journal import store
from app.journal.store import Entry
from app.org.rules.access import Concern, Role, Viewer
from app.realtime.attendance import Attendance
from app.realtime.endpoint import Screens
from app.realtime.frames import frame, texts
from app.realtime.hub import Hub, Screen
from app.realtime.pace import Pace
from app.realtime.protocol import DirectProtocol
from app.realtime.ring import Framed
from app.realtime.session import Limits
from app.wire import Fact

STREAM = "990181"
PLACE = "990181100000"
ELSEWHERE = "990181200000"
AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
BRISK = Pace(poll_s=0.02, heartbeat_s=60, positions_s=60, recheck_s=60, first_retry_s=0.02, last_retry_s=0.1)


class Noted(Fact):
    """Something that happened, for these tests."""

    type: str = "test.noted"
    writer: int = 0
    number: int = 0
    padding: str = ""


def viewer(
    role: Role = "duty_officer", *, scope: str = STREAM, account_id: int = 1, teams: Iterable[int] = ()
) -> Viewer:
    return Viewer(account_id, "王五", role, STREAM, scope, frozenset(teams))


def row(seq: int, concern: Concern | None = None, *, text: str = "", stream: str = STREAM) -> Framed:
    return Framed(stream, seq, concern or Concern((PLACE,)), frame(text or f'{{"seq":{seq}}}'))


def told(frames: bytes) -> list[Any]:
    """The messages in these frames."""
    return [json.loads(text) for text in texts(frames)]


@dataclass(eq=False)
class Line:
    """A connection that records; `waiting` is what its reader has not taken."""

    waiting: int = 0
    written: bytes = b""
    closed: tuple[int, str] | None = None
    drains: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.drains.set()

    def pending(self) -> int:
        return self.waiting

    def write(self, frames: bytes) -> None:
        if self.closed is None:
            self.written += frames

    def close(self, code: int, reason: str) -> None:
        self.closed = self.closed or (code, reason)

    async def drained(self) -> None:
        await self.drains.wait()

    @property
    def told(self) -> list[Any]:
        return told(self.written)

    @property
    def seqs(self) -> list[int]:
        return [message["seq"] for message in self.told if "type" not in message or "." in message["type"]]


async def joined(hub: Hub, after: int | None = None, **who: Any) -> tuple[Screen, Line]:
    """A screen that takes part, on a line that records."""
    line = Line()
    screen = hub.screen(viewer(**who), after, line)
    await hub.join(screen)
    return screen, line


async def opened(database: Database) -> None:
    async with database.transaction() as tx:
        await store.open_stream(tx, STREAM)


async def note(database: Database, count: int = 1, *, writer: int = 0, padding: str = "") -> None:
    """Append `count` rows, each in a transaction of its own."""
    for number in range(count):
        async with database.transaction() as tx:
            entry = Entry(Noted(writer=writer, number=number, padding=padding), Concern((PLACE,)))
            await store.append(tx, STREAM, AT, [entry])


@dataclass
class Floor:
    """A served floor: `logins` says who each cookie is; the test may change it."""

    hub: Hub
    screens: Screens
    port: int
    logins: dict[str, Viewer]

    @asynccontextmanager
    async def screen(
        self,
        after: int | str | None = None,
        *,
        login: str = "officer",
        origin: str = "http://ours",
        **options: Any,
    ) -> AsyncIterator[ClientConnection]:
        """Open a WebSocket as a browser would."""
        query = "" if after is None else f"?after={after}"
        async with connect(
            f"ws://127.0.0.1:{self.port}/ws{query}",
            additional_headers={"Cookie": f"login={login}"},
            origin=origin,  # type: ignore[arg-type]
            compression=None,
            proxy=None,
            max_queue=None,  # or a client with unread messages would not hear the answer to its goodbye
            **options,
        ) as websocket:
            yield websocket


async def until(met: Callable[[], object]) -> None:
    """Wait for something that takes milliseconds, twenty seconds at most."""
    async with asyncio.timeout(20):
        while not met():  # noqa: ASYNC110 - the things waited for have no event to wait on
            await asyncio.sleep(0.005)


async def hear(websocket: ClientConnection) -> dict[str, Any]:
    """The next message, which takes milliseconds."""
    async with asyncio.timeout(20):
        message: dict[str, Any] = json.loads(await websocket.recv())
        return message


@asynccontextmanager
async def served(
    database: Database,
    clock: SetClock,
    *,
    limits: Limits | None = None,
    pace: Pace = BRISK,
    protocol: type[asyncio.Protocol] | str = DirectProtocol,
    attended: bool = False,
) -> AsyncIterator[Floor]:
    """Run the floor behind a real uvicorn on a free loopback port; `attended`: screens are written down."""
    logins = {"officer": viewer()}

    async def authenticate(websocket: WebSocket) -> Viewer | None:
        return logins.get(websocket.cookies.get("login", ""))

    def allowed_origin(websocket: WebSocket) -> bool:
        return websocket.headers.get("origin") == "http://ours"

    hub = Hub(database, STREAM, clock, limits=limits or Limits(), pace=pace)
    book = Attendance(database, hub.feed, clock) if attended else None
    screens = Screens(hub, authenticate, allowed_origin, lambda who: who.factorless, book)
    app = FastAPI(routes=[WebSocketRoute("/ws", screens.serve)])
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        ws=protocol,
        ws_per_message_deflate=False,
        ws_max_size=65_536,
        lifespan="off",
        log_level="warning",
    )
    server = uvicorn.Server(config)
    async with hub.running(), book.running() if book else nullcontext(), screens.running():
        serving = asyncio.create_task(server.serve([listener]))
        await until(lambda: server.started)
        try:
            yield Floor(hub, screens, listener.getsockname()[1], logins)
        finally:
            server.should_exit = True
            await serving
            listener.close()
