"""The servers under test, each its own process: `python -m benchmarks.server FLAVOUR PORT [DATABASE_URL]`.

`hub` is the house's floor; `naive` is FastAPI with a `send_text` loop on the same uvicorn protocol;
`raw` is a bare uvloop protocol with a canned handshake, the limit of Python. All publish on
`POST /publish?rounds=N` (after each round the loop turns, or uvloop would join all rounds of a client into
one write), and all but `raw` let a client resume from `?after=SEQ`.
"""

from __future__ import annotations

import asyncio
import base64
import gc
import hashlib
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Annotated, cast
from urllib.parse import parse_qs, urlsplit

import uvicorn
import uvloop
from fastapi import FastAPI, Query, WebSocket, WebSocketDisconnect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.routing import WebSocketRoute

from app.clock import SystemClock
from app.db import Database
from app.journal import store
from app.org.rules.access import Concern, Viewer
from app.realtime.endpoint import Screens
from app.realtime.frames import frame
from app.realtime.front import Front
from app.realtime.hub import Hub
from app.realtime.pace import Pace
from app.realtime.protocol import DirectProtocol
from app.realtime.ring import Framed

STREAM = "990181"
PAYLOAD = 256
_QUIET = Pace(heartbeat_s=3600)
_OFFICER = Viewer(1, "bench", "duty_officer", STREAM, STREAM)
_EVERYWHERE = Concern(("990181000000",))


Size = Annotated[int, Query(alias="bytes")]
longest_pause_s = [0.0]  # of the collector


def note_pauses() -> None:
    """Remember the longest run of the collector from now on."""
    began = 0.0

    def note(phase: str, _: object) -> None:
        nonlocal began
        if phase == "start":
            began = time.perf_counter()
        else:
            longest_pause_s[0] = max(longest_pause_s[0], time.perf_counter() - began)

    gc.callbacks.append(note)


def event(seq: int, size: int = PAYLOAD) -> str:
    """An event of exactly so many bytes."""
    text = f'{{"seq":{10_000_000 + seq},"type":"bench.noted","words":"'
    return text + "x" * (size - len(text) - 2) + '"}'


def hub_app(url: str | None) -> Front:
    """The house's hub and endpoint; with a database it follows the journal, else it is only published to."""
    database = Database(url or "postgresql:///nowhere")
    hub = Hub(database, STREAM, SystemClock(), pace=_QUIET)

    async def authenticate(websocket: WebSocket) -> Viewer:
        # Who belongs to another team is another audience, though all see what concerns the whole county.
        team = int(websocket.query_params.get("audience", "0"))
        return replace(_OFFICER, team_ids=frozenset({team}))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with screens.running():
            if url:
                async with hub.running():
                    yield
            else:
                yield
        await database.close()

    screens = Screens(hub, authenticate, lambda _: True)
    app = FastAPI(lifespan=lifespan, routes=[WebSocketRoute("/ws", screens.serve)])

    @app.post("/publish")
    async def publish(rounds: int, size: Size = PAYLOAD, first: int = 0) -> None:
        for n in range(first, first + rounds):
            hub.deliver([Framed(STREAM, n, _EVERYWHERE, frame(event(n, size)))])
            await asyncio.sleep(0)

    @app.get("/pause")
    async def pause() -> float:
        return longest_pause_s[0]

    return Front(app, screens.serve)


def naive_app(url: str | None) -> FastAPI:
    """What one would write first: a set of WebSockets, and the journal asked anew for each that comes."""
    database = Database(url or "postgresql:///nowhere")
    clients: set[WebSocket] = set()
    app = FastAPI()

    async def missed(after: int) -> list[str]:
        async with database.transaction() as tx:
            return [row.wire for row in await store.read_after(tx, STREAM, after, 5000)]

    @app.websocket("/ws")
    async def screen(websocket: WebSocket, after: int | None = None) -> None:
        await websocket.accept()
        await websocket.send_text('{"type":"hello"}')
        for text in [] if after is None else await missed(after):
            await websocket.send_text(text)
        clients.add(websocket)
        with suppress(WebSocketDisconnect):
            while True:
                await websocket.receive_text()
        clients.discard(websocket)

    @app.post("/publish")
    async def publish(rounds: int, size: Size = PAYLOAD) -> None:
        await _tell(clients, rounds, size)

    @app.post("/assign")
    async def assign(team_id: int, size: Size = PAYLOAD) -> None:
        async with database.transaction() as tx:
            tx.add(Noted(team_id=team_id, told="x" * 600))
        await _tell(clients, 1, size)

    return app


async def _tell(clients: set[WebSocket], rounds: int, size: int) -> None:
    for n in range(rounds):
        text = event(n, size)
        for websocket in list(clients):
            await websocket.send_text(text)
        await asyncio.sleep(0)


class Base(DeclarativeBase):
    """Tables of benchmarks alone."""


class Noted(Base):
    """A row as one would first write an assignment."""

    __tablename__ = "bench_assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int]
    told: Mapped[str]


class RawProtocol(asyncio.Protocol):
    """The limit: a handshake without checks, then one write per client and event."""

    clients: set[asyncio.Transport] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        head = data.decode("latin-1")
        if head.startswith("POST /publish"):
            asked = parse_qs(urlsplit(head.split()[1]).query)
            rounds, size = int(asked["rounds"][0]), int(asked.get("bytes", [str(PAYLOAD)])[0])
            self.publishing = asyncio.ensure_future(self.publish(rounds, size))
        elif head.startswith("GET"):
            key = next(line for line in head.split("\r\n") if line.lower().startswith("sec-websocket-key"))
            digest = hashlib.sha1((key.split(": ")[1] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode())
            accept = base64.b64encode(digest.digest()).decode()
            self.transport.write(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
                + frame('{"type":"hello"}')
            )
            self.clients.add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.clients.discard(self.transport)

    async def publish(self, rounds: int, size: int) -> None:
        for n in range(rounds):
            data = frame(event(n, size))
            for client in self.clients:
                client.write(data)
            await asyncio.sleep(0)
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


async def serve_raw(port: int) -> None:
    """Serve `RawProtocol` until killed."""
    server = await asyncio.get_running_loop().create_server(RawProtocol, "127.0.0.1", port, backlog=4096)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await server.serve_forever()


class _Announced(uvicorn.Server):
    async def startup(self, sockets: Sequence[object] | None = None) -> None:
        await super().startup(sockets)  # type: ignore[arg-type]
        gc.collect()
        gc.freeze()
        note_pauses()
        sys.stdout.write("ready\n")
        sys.stdout.flush()


def main(flavour: str, port: int, url: str | None) -> None:
    """Run one server."""
    if flavour == "raw":
        uvloop.run(serve_raw(port))
        return
    config = uvicorn.Config(
        hub_app(url) if flavour == "hub" else naive_app(url),
        port=port,
        loop="uvloop",
        http="httptools",
        ws=DirectProtocol if flavour == "hub" else "websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=65_536,
        backlog=4096,
        log_level="warning",
        access_log=False,
    )
    _Announced(config).run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
