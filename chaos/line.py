"""A cable that can be cut, muted and slowed: a TCP relay on the loopback."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Literal

State = Literal["open", "cut", "mute", "slow"]
READ_BYTES = 65_536
SLOW_BYTES = 2_048  # what a slow line passes on at once …
SLOW_S = 0.12  # … and how long that takes: some 17 KB/s, and a delay


class Line:
    """The relay in front of one port.

    `cut`: every connection is torn, new ones are torn too. `mute`: connections stay, nothing passes, as when
    a switch has died. `slow`: little by little. What is read is passed on or the connection is torn: a byte
    that was taken in is never left out.
    """

    def __init__(self, name: str, to_port: int) -> None:
        self.name = name
        self.to_port = to_port
        self.port = 0
        self.state: State = "open"
        self._changed = asyncio.Event()
        self._torn: set[asyncio.WriteTransport] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Listen no longer and tear what is left."""
        if self._server is not None:
            self._server.close()
        self._tear()

    def become(self, state: State) -> None:
        """Change how the cable is from now on."""
        self.state = state
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        if state == "cut":
            self._tear()

    def _tear(self) -> None:
        for transport in list(self._torn):
            transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [writer]
        try:
            if self.state == "cut":
                return
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.to_port)
            ends.append(up_writer)
            self._torn.update(end.transport for end in ends)
            ways = [
                asyncio.ensure_future(self._pass(reader, up_writer)),
                asyncio.ensure_future(self._pass(up_reader, writer)),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        except OSError:  # nobody listens there
            pass
        finally:
            for end in ends:
                self._torn.discard(end.transport)
                with suppress(OSError):
                    end.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(READ_BYTES):
            while data:
                while self.state == "mute":
                    await self._changed.wait()
                some = data
                if self.state == "slow":
                    some = data[:SLOW_BYTES]
                    await asyncio.sleep(SLOW_S)
                writer.write(some)
                await writer.drain()
                data = data[len(some) :]
