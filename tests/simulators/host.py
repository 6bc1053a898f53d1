"""The service's side of a command machine's cable: pyserial on the pty, decoded by the real codec."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import serial

from app.devices.adapter import Codec, Garbage, Reading

SOON_S = 30.0  # far more than any step takes: a test that waits so long has failed


class Host:
    """Reads all that comes, in bites of `bite` bytes; tests await the next reading."""

    def __init__(self, port: serial.Serial, codec: Codec, bite: int) -> None:
        self.port = port
        self.codec = codec
        self.bite = bite
        self.garbage: list[Garbage] = []
        self.readings: asyncio.Queue[Reading] = asyncio.Queue()

    async def ask(self, data: bytes) -> Reading:
        """Write a command and wait for the answer."""
        self.port.write(data)
        return await self.next()

    async def next(self) -> Reading:
        async with asyncio.timeout(SOON_S):
            return await self.readings.get()

    def take(self) -> None:
        for result in self.codec.feed(self.port.read(self.bite)):
            if isinstance(result, Garbage):
                self.garbage.append(result)
            else:
                self.readings.put_nowait(result)


@asynccontextmanager
async def plugged_in(path: str, codec: Codec, bite: int = 4096) -> AsyncIterator[Host]:
    """Open the line for the length of the block."""
    loop = asyncio.get_running_loop()
    with serial.Serial(path, 115200, timeout=0) as port:
        host = Host(port, codec, bite)
        loop.add_reader(port.fileno(), host.take)
        try:
            yield host
        finally:
            loop.remove_reader(port.fileno())
