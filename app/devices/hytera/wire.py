"""The line to a mobile radio: a serial port or server, or UDP to the network address a radio on USB has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from app.devices.links.serial import Line, LinkLost, SerialLink, open_line

MAX_WAITING = 256
"""Datagrams that wait to be read; what comes beyond is lost, as it would be in the kernel."""


@asynccontextmanager
async def open_wire(link: SerialLink) -> AsyncIterator[Line]:
    """Open the line while the block lasts. Raises LinkLost."""
    opened = _udp(link) if link.url.startswith("udp://") else open_line(link)
    async with opened as line:
        yield line


class _UdpLine(asyncio.DatagramProtocol):
    """Datagrams from one address as a line: HRNP packets have their own length and check."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[bytes | Exception] = asyncio.Queue(MAX_WAITING)
        self.transport: asyncio.DatagramTransport | None = None

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self._waiting.full():
            self._waiting.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        if not self._waiting.full():
            self._waiting.put_nowait(exc)

    async def read(self) -> bytes:
        got = await self._waiting.get()
        if isinstance(got, Exception):  # nobody listens there: the radio is off or unplugged
            raise LinkLost(str(got)) from got
        return got

    async def write(self, data: bytes) -> None:
        if self.transport is None or self.transport.is_closing():
            raise LinkLost("closed")
        self.transport.sendto(data)


@asynccontextmanager
async def _udp(link: SerialLink) -> AsyncIterator[Line]:
    place = urlsplit(link.url)
    loop = asyncio.get_running_loop()
    try:
        transport, line = await loop.create_datagram_endpoint(
            _UdpLine, remote_addr=(place.hostname or "", place.port or 0)
        )
    except OSError as error:
        raise LinkLost(str(error)) from error
    line.transport = transport
    try:
        yield line
    finally:
        transport.close()
