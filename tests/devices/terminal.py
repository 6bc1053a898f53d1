"""A JT/T 808 terminal on a real TCP connection, written by hand for the tests of the platform."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.jt808 import Terminal, encode
from app.devices.adapters.jt808.codec import Jt808Codec

SOS = 1


@dataclass
class Peer:
    """One connection of one terminal; `heard` keeps what came while waiting for something else."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    to: Terminal
    serial: int = 0
    code: str = ""
    codec: Jt808Codec = field(default_factory=Jt808Codec)
    heard: list[Reading] = field(default_factory=list)

    def say(self, msg_id: int, body: bytes = b"") -> int:
        """Send one message; return its serial."""
        serial, self.serial = self.serial, self.serial + 1
        self.writer.write(encode.encode(msg_id, body, to=self.to, serial=serial))
        return serial

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)

    async def hear(self, kind: str, within_s: float = 5) -> dict[str, Any]:
        """Return the next message of this kind."""
        async with asyncio.timeout(within_s):
            while True:
                for reading in self.heard:
                    if reading.kind == kind:
                        self.heard.remove(reading)
                        return dict(reading.fields)
                await self._more()

    async def ack_of(self, serial: int, within_s: float = 5) -> int:
        """Return the result of the platform's general answer to one of our messages."""
        async with asyncio.timeout(within_s):
            while True:
                body = (await self.hear("0x8001", within_s))["body"]
                if body["ack_serial"] == serial:
                    return int(body["result"])

    async def silent(self, for_s: float) -> bool:
        """Whether nothing at all comes for so long."""
        try:
            async with asyncio.timeout(for_s):
                await self._more()
        except TimeoutError:
            return True
        return False

    async def cut(self, within_s: float = 5) -> bool:
        """Whether the other side ends the connection."""
        try:
            async with asyncio.timeout(within_s):
                while await self.reader.read(4096):
                    pass
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return True

    async def register(self, terminal_id: str = "T000001", plate: str = "赣A12345") -> int:
        """Register; return the result and keep the code."""
        body = encode.register(to=self.to, plate=plate, terminal_id=terminal_id)
        self.say(encode.REGISTER, body)
        answer = (await self.hear("0x8100"))["body"]
        self.code = str(answer.get("auth_code", ""))
        return int(answer["result"])

    async def authenticate(self, code: str | None = None) -> int:
        """Prove who we are; return the result."""
        body = encode.authenticate(self.code if code is None else code, to=self.to)
        return await self.ack_of(self.say(encode.AUTHENTICATE, body))

    def position(self, at: datetime, *, alarm: int = 0) -> int:
        """Say where we are; return the serial."""
        return self.say(encode.LOCATION, encode.location(118.2, 28.5, at, alarm=alarm))

    async def _more(self) -> None:
        data = await self.reader.read(65536)
        if not data:
            raise EOFError("the platform hung up")
        for result in self.codec.feed(data):
            assert not isinstance(result, Garbage), result
            self.heard.append(result)


@asynccontextmanager
async def connected(port: int, to: Terminal) -> AsyncIterator[Peer]:
    """Connect a terminal, and hang up at the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Peer(reader, writer, to)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


@asynccontextmanager
async def on_duty(port: int, to: Terminal) -> AsyncIterator[Peer]:
    """Connect a terminal that registers and proves who it is."""
    async with connected(port, to) as peer:
        assert await peer.register() == 0
        assert await peer.authenticate() == 0
        yield peer
