"""The way to one screen: bytes straight into its transport, or texts through ASGI where there is none."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from app.realtime.frames import texts

DIRECT = "zhishou.direct"
"""The key in the ASGI scope's `extensions` under which a server offers its own `{"connection": Connection}`.

This is the seam for a leaner protocol class: whatever stands there is used as it is.
"""


class Connection(Protocol):
    """What the hub needs of a screen. Nothing here waits, except `drained`."""

    def pending(self) -> int:
        """Return the bytes accepted but not yet taken by the network."""
        ...

    def write(self, frames: bytes) -> None:
        """Send finished frames; ignored once the connection is closing."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Say goodbye after what is pending, and cut the line if nobody listens."""
        ...

    async def drained(self) -> None:
        """Wait until the write buffer is low again, or the connection lost."""
        ...


class AsgiConnection:
    """A queue and a writer, for TestClient and servers that do not expose their transport."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._queue: deque[bytes | tuple[int, str]] = deque()
        self._pending = 0
        self._over = False
        self._filled = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()

    def pending(self) -> int:
        """Return the bytes in the queue."""
        return self._pending

    def write(self, frames: bytes) -> None:
        """Queue the frames."""
        self._pending += len(frames)
        self._put(frames)

    def close(self, code: int, reason: str) -> None:
        """Queue the goodbye."""
        self._put((code, reason))

    async def drained(self) -> None:
        """Wait until the queue is empty."""
        await self._empty.wait()

    async def run(self) -> None:
        """Write what is queued until the connection ends."""
        try:
            while True:
                await self._filled.wait()
                while self._queue:
                    await self._pass_on(self._queue.popleft())
                self._filled.clear()
                self._empty.set()
        except (WebSocketDisconnect, WebSocketDisconnected):
            self._over = True
            self._empty.set()

    def _put(self, item: bytes | tuple[int, str]) -> None:
        if self._over:
            return
        self._queue.append(item)
        self._empty.clear()
        self._filled.set()

    async def _pass_on(self, item: bytes | tuple[int, str]) -> None:
        if isinstance(item, tuple):
            await self._websocket.close(*item)
            return
        for text in texts(item):
            await self._websocket.send_text(text)
        self._pending -= len(item)


@asynccontextmanager
async def connection_of(websocket: WebSocket) -> AsyncIterator[Connection]:
    """Lend the best way to an accepted WebSocket."""
    offered = websocket.scope.get("extensions", {}).get(DIRECT)
    if offered is not None:
        yield offered["connection"]
        return
    connection = AsgiConnection(websocket)
    writer = asyncio.create_task(connection.run())
    try:
        yield connection
        await connection.drained()  # the goodbye too
    finally:
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer
