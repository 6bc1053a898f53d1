"""A small HTTP server of simulators: one request a connection, whatever its body, on the loopback only."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

MOST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked; header names are in small letters."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    reader: asyncio.StreamReader

    async def hung_up(self) -> None:
        """Wait until the other side gives up."""
        while await self.reader.read(4096):
            pass


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered."""

    status: int
    kind: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class HttpDesk:
    """Answers each request by a function; None hangs up without a word."""

    def __init__(self, answer: Callable[[Request], Awaitable[Answer | None]]) -> None:
        self._answer = answer
        self.port = 0
        self._tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[HttpDesk]:
        """Listen while the block lasts."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", port or self.port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for writer in self._tasks.values():
                writer.transport.abort()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks[task] = writer
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._speak(reader, writer)
        finally:
            self._tasks.pop(task, None)
            writer.close()

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)
        }
        length = int(headers.get("content-length", "0"))
        body = await reader.readexactly(min(length, MOST))
        path = re.split(r"\s+", first)[1]
        answer = await self._answer(Request(path, headers, body, reader))
        if answer is None:
            return
        told = {"Content-Type": answer.kind, "Content-Length": str(len(answer.body)), **answer.headers}
        lines = [f"HTTP/1.1 {answer.status} {'OK' if answer.status == 200 else 'Error'}"]
        lines += [f"{name}: {value}" for name, value in told.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + answer.body)
        await writer.drain()
