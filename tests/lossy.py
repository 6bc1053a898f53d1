"""A bad network on loopback: a TCP relay that loses every fifth request, half of them after they arrived.

Lost means cut: before (the request never reaches the server) or after (the server has carried it out, and
its answer never reaches the browser). Which ones are lost is counted, not drawn: the first, the sixth … of
each kind of request, so that none is spared. WebSocket traffic passes, until the connection it shares is cut.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_REQUEST = re.compile(rb"(GET|POST|PUT|PATCH|DELETE) (\S+) HTTP/1\.1\r\n")
EVERY = 5


@dataclass
class LossyLine:
    """The relay. `losing` turns the loss on; `cut_before` and `cut_after` name what was lost."""

    to_port: int
    port: int = 0
    losing: bool = False
    cut_before: list[str] = field(default_factory=list)
    cut_after: list[str] = field(default_factory=list)
    _turns: Counter[str] = field(default_factory=Counter)

    @property
    def address(self) -> str:
        """The address a browser opens."""
        return f"http://127.0.0.1:{self.port}"

    def _fate(self, request: bytes) -> str:
        found = _REQUEST.match(request)
        if found is None or not self.losing:
            return "pass"
        name = b" ".join(found.groups()).decode()
        kind = name.partition("?")[0].rpartition("/")[2]
        self._turns[kind] += 1
        if self._turns[kind] % EVERY != 1:
            return "pass"
        if len(self.cut_after) > len(self.cut_before):
            self.cut_before.append(name)
            return "before"
        self.cut_after.append(name)
        return "after"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Relay one connection until either side ends it or it is cut."""
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:  # the server is down
            writer.close()
            return
        doomed = asyncio.Event()
        ways = [
            asyncio.create_task(self._upward(reader, up_writer, doomed)),
            asyncio.create_task(_downward(up_reader, writer, doomed)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            writer.transport.abort()
            up_writer.transport.abort()

    async def _upward(
        self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, doomed: asyncio.Event
    ) -> None:
        while data := await reader.read(65_536):
            fate = self._fate(data)
            if fate == "before":
                return
            if fate == "after":
                doomed.set()
            server.write(data)
            await server.drain()


async def _downward(
    server: asyncio.StreamReader, browser: asyncio.StreamWriter, doomed: asyncio.Event
) -> None:
    while data := await server.read(65_536):
        if doomed.is_set():
            return
        browser.write(data)
        await browser.drain()


@asynccontextmanager
async def lossy_line(to_port: int) -> AsyncIterator[LossyLine]:
    """Lend a relay in front of a server's port; it outlives the server."""
    line = LossyLine(to_port)
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
