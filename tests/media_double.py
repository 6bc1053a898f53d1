"""A media server for tests without a picture: it says what it is told to say, or nothing at all."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from app.clock import Clock
from app.dispatch.video.media.dialects import Dialect, MediaMtx, ZlMediaKit
from app.dispatch.video.media.server import MediaServer
from app.outward.address import Address

OFFER = b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n"
ANSWER = b"v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\n"
SESSION = "0f2c4d6e8a"


@dataclass
class MediaDouble:
    """What it answers, by method and the beginning of a path; what it was asked. `silent`: nothing."""

    says: dict[str, tuple[int, Mapping[str, str], bytes]] = field(default_factory=dict)
    silent: bool = False
    raw: bytes | None = None
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> Address:
        """Where it is."""
        return Address(tls=False, host="127.0.0.1", port=self.port)

    def mediamtx(self, clock: Clock, patience_s: float = 5.0) -> MediaServer:
        """Return how the house speaks with it as with MediaMTX."""
        dialect: Dialect = MediaMtx(self.address, self.address, self.address, "zhishou", "geheim")
        return MediaServer(dialect, clock, patience_s)

    def zlmediakit(self, clock: Clock) -> MediaServer:
        """Return how the house speaks with it as with ZLMediaKit."""
        return MediaServer(ZlMediaKit(self.address, "geheim"), clock)

    def ready(self, *paths: str) -> None:
        """Let these streams be there, and playable."""
        listed = {"items": [{"name": path, "ready": True} for path in paths]}
        self.says["GET /v3/paths/list"] = (200, {}, json.dumps(listed).encode())
        for path in paths:
            there = {"Location": f"/{path}/whep/{SESSION}", "Content-Type": "application/sdp"}
            self.says[f"POST /{path}/whep"] = (201, there, ANSWER)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[MediaDouble]:
        """Listen on the loopback while the block lasts."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = re.search(r"(?im)^content-length: *(\d+)", head)
            body = await reader.readexactly(int(length[1])) if length else b""
            method, target, _ = head.split("\r\n", 1)[0].split(" ")
            self.asked.append((method, target, body))
            self.heads.append(head)
            if self.silent:
                await reader.read()  # until the other side has lost patience
            else:
                writer.write(self.raw if self.raw is not None else self._answer(f"{method} {target}"))
                await writer.drain()
        writer.close()

    def _answer(self, line: str) -> bytes:
        fitting = [begin for begin in self.says if line.startswith(begin)]
        status, headers, body = self.says[max(fitting, key=len)] if fitting else (404, {}, b"")
        told: dict[str, Any] = {"Content-Length": len(body), "Connection": "close", **headers}
        lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in told.items()), "", ""]
        return "\r\n".join(lines).encode("latin-1") + body
