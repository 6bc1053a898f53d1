"""A byte stream to a machine on a cable: a serial port, a pty, or a serial server over TCP."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import termios
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import serial

DEFAULT_BAUD = 115_200
READ_BYTES = 4096
WRITE_WITHIN_S = 5
KEEP_ALIVE = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3))
"""A serial server that lost its power says nothing: after a minute its connection counts as broken."""

_BUSY = frozenset({errno.EBUSY, errno.EAGAIN, errno.EACCES})


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
        if not found or not family or not url or (baud and not baud.isdigit()):
            raise ValueError(
                f"串口设置“{item}”应形如 rdss21=/dev/ttyUSB0@115200 / "
                f"serial link {item!r} should look like rdss21=/dev/ttyUSB0@115200"
            )
        if url.startswith("socket://") and not _names_a_place(url):
            raise ValueError(
                f"串口服务器地址“{url}”应形如 socket://10.1.2.3:4001 / "
                f"serial server {url!r} should look like socket://10.1.2.3:4001"
            )
        links.append(SerialLink(family, url, int(baud) if baud else DEFAULT_BAUD))
    return links


def _names_a_place(url: str) -> bool:
    try:
        place = urlsplit(url)
        return bool(place.hostname) and bool(place.port)
    except ValueError:  # a port that is no number, or too large
        return False


class Line(Protocol):
    """An open line. Errors of the system become LinkLost at exactly this place."""

    async def read(self) -> bytes:
        """Return the next bytes. Raises LinkLost at the end."""
        ...

    async def write(self, data: bytes) -> None:
        """Send bytes. Raises LinkLost."""
        ...


@asynccontextmanager
async def open_line(link: SerialLink) -> AsyncIterator[Line]:
    """Open the line while the block lasts. Raises LinkLost."""
    opened = _tcp(link) if link.url.startswith("socket://") else _port(link)
    async with opened as line:
        yield line


class _TcpLine:
    """A serial server's TCP connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self) -> bytes:
        try:
            data = await self._reader.read(READ_BYTES)
        except OSError as error:
            raise LinkLost(str(error)) from error
        if not data:
            raise LinkLost("closed")
        return data

    async def write(self, data: bytes) -> None:
        try:
            self._writer.write(data)
            async with asyncio.timeout(WRITE_WITHIN_S):
                await self._writer.drain()
        except (OSError, TimeoutError) as error:
            raise LinkLost(str(error) or "not writable") from error


class _PortLine:
    """A port's descriptor, watched by the loop: uvloop's pipes do not read terminals."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    async def read(self) -> bytes:
        while True:
            try:
                data = os.read(self._descriptor, READ_BYTES)
            except BlockingIOError:
                loop = asyncio.get_running_loop()
                await self._ready(loop.add_reader, loop.remove_reader)
                continue
            except OSError as error:  # EIO: the other side of the cable is gone
                raise LinkLost(str(error)) from error
            if not data:
                raise LinkLost("closed")
            return data

    async def write(self, data: bytes) -> None:
        left = memoryview(data)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(WRITE_WITHIN_S):
                while left:
                    try:
                        left = left[os.write(self._descriptor, left) :]
                    except BlockingIOError:
                        await self._ready(loop.add_writer, loop.remove_writer)
        except (OSError, TimeoutError) as error:
            raise LinkLost(str(error) or "not writable") from error

    async def _ready(self, watch: Callable[..., object], unwatch: Callable[[int], object]) -> None:
        happened = asyncio.Event()
        watch(self._descriptor, happened.set)
        try:
            await happened.wait()
        finally:
            unwatch(self._descriptor)


@asynccontextmanager
async def _tcp(link: SerialLink) -> AsyncIterator[Line]:
    place = urlsplit(link.url)
    try:
        async with asyncio.timeout(10):
            reader, writer = await asyncio.open_connection(place.hostname, place.port)
    except (OSError, TimeoutError, ValueError) as error:
        raise LinkLost(str(error) or "no answer") from error
    try:
        _keep_alive(writer)
        yield _TcpLine(reader, writer)
    finally:
        writer.close()


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    plug = writer.get_extra_info("socket")
    if plug is None:
        return
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEP_ALIVE:
        if hasattr(socket, name):  # not on every system
            plug.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _why_not(url: str, error: Exception) -> str:
    """Say in words why a port does not open, where people can do something about it."""
    number = getattr(error, "errno", None)
    if number == errno.EBUSY or (number in _BUSY and "lock" in str(error)):
        return f"串口 {url} 正被其他程序占用,请关闭该程序 / port {url} is in use by another program: close it"
    if number == errno.EACCES:
        return (
            f"没有使用串口 {url} 的权限,请将服务账号加入 dialout 组 / "
            f"no permission for port {url}: add the service's account to the group dialout"
        )
    if number == errno.ENOENT:
        return f"没有找到串口 {url},请检查电缆 / there is no port {url}: check the cable"
    return str(error)


@asynccontextmanager
async def _port(link: SerialLink) -> AsyncIterator[Line]:
    try:
        # pyserial sets speed, parity and raw mode; the loop then watches the descriptor by itself.
        port = serial.Serial(link.url, link.baud, timeout=0, exclusive=True)
    except (OSError, serial.SerialException, termios.error, ValueError) as error:
        raise LinkLost(_why_not(link.url, error)) from error
    try:
        try:
            # pyserial leaves VMIN at 0, where an empty port reads as b"", which cannot be told from its end.
            attributes = termios.tcgetattr(port.fileno())
            attributes[6][termios.VMIN] = 1
            termios.tcsetattr(port.fileno(), termios.TCSANOW, attributes)
            os.set_blocking(port.fileno(), False)
        except (OSError, termios.error) as error:  # unplugged in this instant
            raise LinkLost(str(error)) from error
        yield _PortLine(port.fileno())
    finally:
        port.close()
