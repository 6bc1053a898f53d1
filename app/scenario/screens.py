"""Open screens: the house served on a port of loopback, WebSockets that stay, and come back by themselves."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvicorn
from fastapi import FastAPI
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from app.main import front_of
from app.scenario.terms import CannotFind

RETRY_S = 0.3  # as the console: from 0.3 s on, doubled, 5 s at most (web/api/feed.ts)
MOST_RETRY_S = 5.0
WITHIN_S = 20.0
_LANE = frozenset({"hello", "head", "positions", "resync", "pong"})


class OpenScreen:
    """A page somebody has open: what it heard, and how long it was without the service."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._cookie = port, cookie
        self._after: int | None = None
        self._lost: float | None = None
        self.connected = 0
        self.away_s = 0.0
        self.heard: list[dict[str, Any]] = []
        self.seq = 0
        self._life = asyncio.create_task(self._run())

    async def _run(self) -> None:
        pause = RETRY_S
        while True:
            try:
                await self._look()
                pause = RETRY_S
            except (OSError, WebSocketException):
                pause = min(MOST_RETRY_S, pause * 2)
            self._lost = self._lost or time.perf_counter()
            await asyncio.sleep(pause)

    async def _look(self) -> None:
        after = "" if self._after is None else f"?after={self._after}"
        line = await connect(
            f"ws://127.0.0.1:{self._port}/ws{after}",
            additional_headers={"Cookie": self._cookie},
            max_size=None,
            close_timeout=0,
        )
        try:
            async for frame in line:
                self._take(json.loads(frame))
        finally:
            line.transport.abort()

    def _take(self, told: dict[str, Any]) -> None:
        if told["type"] == "hello":
            self.connected += 1
            self.seq = max(self.seq, self._after or told["head"])
            if self._lost is not None:
                self.away_s, self._lost = time.perf_counter() - self._lost, None
        elif told["type"] not in _LANE:
            self.heard.append(told)
        self.seq = max(self.seq, int(told.get("seq", 0)))
        self._after = self.seq

    async def caught_up(self, head: int, connected: int) -> dict[str, Any]:
        """Return what it heard, once it has been told everything up to a journal's end. Raises CannotFind."""
        try:
            async with asyncio.timeout(WITHIN_S):
                while self.seq < head or self._lost is not None or self.connected < connected:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise CannotFind(
                f"网页没有跟上:{self.seq}/{head}", f"the screen did not catch up: {self.seq}/{head}"
            ) from None
        numbers = [int(one["seq"]) for one in self.heard]
        return {
            "connected": self.connected,
            "away_s": round(self.away_s, 1),
            "types": [one["type"] for one in self.heard],
            "twice": len(numbers) - len(set(numbers)),
            "seq": self.seq,
        }

    async def close(self) -> None:
        """Close the page."""
        self._life.cancel()
        with suppress(asyncio.CancelledError):
            await self._life


def free_port() -> int:
    """Return a port of loopback that nobody has: the house comes back on it after a restart."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@asynccontextmanager
async def served(app: FastAPI, port: int) -> AsyncIterator[None]:
    """Serve the house on a port while the block lasts; then every line to it breaks."""
    config = uvicorn.Config(
        front_of(app),
        host="127.0.0.1",
        port=port,
        lifespan="off",
        ws="app.realtime.protocol:DirectProtocol",
        ws_per_message_deflate=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(WITHIN_S):
        while not server.started:  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        await serving
