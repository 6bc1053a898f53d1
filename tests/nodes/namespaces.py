"""A node in a network of its own, joined to the database by one cable that can be cut (Linux, root)."""

from __future__ import annotations

import asyncio
import ctypes
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import make_url

from tests.node import Service
from tests.zygote import ROOT

_CLONE_NEWNET = 0x40000000
_NODE, _FAR = "10.231.7.1", "10.231.7.2"  # only within the two networks, never on this machine's own
T = TypeVar("T")
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=10)


@dataclass(frozen=True, slots=True)
class Cable:
    """Two networks and the cable between them: the node's, and that in which the database is reached."""

    node: str
    far: str

    def cut(self) -> None:
        """Let every packet vanish: nobody is told."""
        _ip("-n", self.far, "link", "set", "cable", "down")

    def mend(self) -> None:
        """Join the networks again."""
        _ip("-n", self.far, "link", "set", "cable", "up")

    def within(self, network: str, make: Callable[[], T]) -> T:
        """Make a socket that belongs to a network for good, whoever uses it."""

        def entered() -> T:
            with open(f"/run/netns/{network}", "rb") as door:
                if ctypes.CDLL(None, use_errno=True).setns(door.fileno(), _CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            return make()

        with ThreadPoolExecutor(1) as thread:  # it alone enters, and ends there
            return thread.submit(entered).result()


@asynccontextmanager
async def cabled() -> AsyncIterator[Cable]:
    """Lay a cable between two new networks; skip where that is not possible."""
    cable = Cable(f"zs-node-{os.getpid()}", f"zs-far-{os.getpid()}")
    try:
        try:
            for network in (cable.node, cable.far):
                _ip("netns", "add", network)
                _ip("-n", network, "link", "set", "lo", "up")
            _ip("-n", cable.node, "link", "add", "cable", "type", "veth", "peer", "cable", "netns", cable.far)
            for network, address in ((cable.node, _NODE), (cable.far, _FAR)):
                _ip("-n", network, "addr", "add", f"{address}/24", "dev", "cable")
                _ip("-n", network, "link", "set", "cable", "up")
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"no network namespaces here: {error}")
        yield cable
    finally:
        for network in (cable.node, cable.far):
            with suppress(OSError, subprocess.SubprocessError):
                _ip("netns", "delete", network)


class FarNode(Service):
    """`zhishou serve` in the node's network."""

    network: str = ""

    def _cold(self, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        command = ["ip", "netns", "exec", self.network, sys.executable, "-m", "app.cli", "serve"]
        with self.log_path.open("ab") as log:
            return subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )


@asynccontextmanager
async def far_node(url: str, data: Path, cable: Cable) -> AsyncIterator[Service]:
    """Run a node behind the cable; it is reached at its address from this machine all the same."""
    parts = make_url(url)
    server = str(parts.query.get("host", parts.host))  # a folder of sockets, or a machine
    port = parts.port or 5432

    async def to_database() -> Ends:
        if server.startswith("/"):
            return await asyncio.open_unix_connection(f"{server}/.s.PGSQL.{port}")
        return await asyncio.open_connection(server, port)

    def listening(address: str, number: int) -> socket.socket:
        listener = socket.create_server((address, number))
        listener.setblocking(False)
        return listener

    door = cable.within(cable.far, lambda: listening(_FAR, port))
    through = parts.set(host=_FAR, port=port, query={}).render_as_string(hide_password=False)
    node = FarNode(through, data, cold=True)
    node.network = cable.node

    async def to_node() -> Ends:
        made = await asyncio.to_thread(
            cable.within, cable.node, lambda: socket.create_connection(("127.0.0.1", node.port), 5)
        )
        return await asyncio.open_connection(sock=made)

    async with _forwarding(door, to_database), _forwarding(listening("127.0.0.1", node.port), to_node), node:
        try:
            yield node
        finally:
            await asyncio.to_thread(cable.mend)


@asynccontextmanager
async def _forwarding(door: socket.socket, onward: Callable[[], Awaitable[Ends]]) -> AsyncIterator[None]:
    """Pass on whatever comes in at a door."""
    lines: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [(reader, writer)]
        try:
            ends.append(await onward())
            await asyncio.gather(_pour(reader, ends[1][1]), _pour(ends[1][0], writer))
        except OSError:
            pass
        finally:
            for _, end in ends:
                end.transport.abort()

    def begun(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.add(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(begun, sock=door)
    try:
        yield
    finally:
        server.close()
        for line in lines:
            line.cancel()
        await asyncio.gather(*lines, return_exceptions=True)
        await asyncio.sleep(0)  # the transports close


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    with suppress(OSError):
        writer.write_eof()
