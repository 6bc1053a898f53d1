"""A byte stream to a machine on a cable: a serial port, a pty, or a serial server over TCP."""

from __future__ import annotations

import asyncio
import os
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import serial

DEFAULT_BAUD = 115_200
MAX_WAITING_BYTES = 64 * 1024


class LinkLost(OSError):
    """The other end is gone: unplugged, closed, or never there."""


@dataclass(frozen=True, slots=True)
class SerialLink:
    """Where a machine is connected: `/dev/ttyUSB0@19200` or `socket://10.1.2.3:4001`, and its family."""

    family: str
    url: str
    baud: int = DEFAULT_BAUD


def parse_links(setting: str) -> list[SerialLink]:
    """Read `rdss21=/dev/ttyUSB0@115200,rdss40=socket://10.1.2.3:4001`. Raises ValueError."""
    links = []
    for item in filter(None, (part.strip() for part in setting.split(","))):
        family, found, place = item.partition("=")
        url, _, baud = place.partition("@")
        if not found or not url or (baud and not baud.isdigit()):
            raise ValueError(
                f"串口设置“{item}”应形如 rdss21=/dev/ttyUSB0@115200 / "
                f"serial link {item!r} should look like rdss21=/dev/ttyUSB0@115200"
            )
        links.append(SerialLink(family, url, int(baud) if baud else DEFAULT_BAUD))
    return links


class Line:
    """An open line: read what came, write what should go. Errors become LinkLost at exactly this place."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self) -> bytes:
        """Return the next bytes. Raises LinkLost at the end."""
        try:
            data = await self._reader.read(4096)
        except (OSError, serial.SerialException) as error:
            raise LinkLost(str(error)) from error
        if not data:
            raise LinkLost("closed")
        return data

    async def write(self, data: bytes) -> None:
        """Send bytes. Raises LinkLost."""
        try:
            self._writer.write(data)
            async with asyncio.timeout(5):
                await self._writer.drain()
        except (OSError, TimeoutError) as error:
            raise LinkLost(str(error) or "not writable") from error


@asynccontextmanager
async def open_line(link: SerialLink) -> AsyncIterator[Line]:
    """Open the line while the block lasts. Raises LinkLost."""
    if link.url.startswith("socket://"):
        async with _tcp(link) as line:
            yield line
    else:
        async with _port(link) as line:
            yield line


@asynccontextmanager
async def _tcp(link: SerialLink) -> AsyncIterator[Line]:
    place = urlsplit(link.url)
    try:
        async with asyncio.timeout(10):
            reader, writer = await asyncio.open_connection(place.hostname, place.port)
    except (OSError, TimeoutError) as error:
        raise LinkLost(str(error) or "no answer") from error
    try:
        yield Line(reader, writer)
    finally:
        writer.close()


@asynccontextmanager
async def _port(link: SerialLink) -> AsyncIterator[Line]:
    loop = asyncio.get_running_loop()
    try:
        # pyserial sets speed, parity and raw mode; the loop then reads the descriptor by itself.
        port = serial.Serial(link.url, link.baud, timeout=0, exclusive=True)
    except (OSError, serial.SerialException, ValueError) as error:
        raise LinkLost(str(error)) from error
    # pyserial leaves VMIN at 0, where an empty port reads as b"", which the loop takes for its end.
    attributes = termios.tcgetattr(port.fileno())
    attributes[6][termios.VMIN] = 1
    termios.tcsetattr(port.fileno(), termios.TCSANOW, attributes)
    reading = os.fdopen(os.dup(port.fileno()), "rb", buffering=0)
    writing = os.fdopen(os.dup(port.fileno()), "wb", buffering=0)
    reader = asyncio.StreamReader(limit=MAX_WAITING_BYTES)
    read_transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), reading)
    write_transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, writing)
    try:
        yield Line(reader, asyncio.StreamWriter(write_transport, protocol, None, loop))
    finally:
        read_transport.close()
        write_transport.abort()
        port.close()
