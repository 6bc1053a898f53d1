"""A minimal JT/T 808 platform on a real port, built from the codec and the encoders of the service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from app.devices.adapter import Reading
from app.devices.adapters.jt808 import Jt808Codec, Terminal, encode
from app.signals import Distress

SOON_S = 30.0  # far more than any step takes: a test that waits so long has failed


class Platform:
    """Registers, authenticates and acknowledges terminals; tests turn its switches and read `heard`."""

    def __init__(self) -> None:
        self.port = 0
        self.heard: list[Reading] = []
        self.codes: dict[str, str] = {}
        self.register_result = 0
        self.confirms_sos = True
        self.refuses_every_code = False
        self.answers = True
        self.connections = 0
        self._serial = 100
        self._links: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._lines: dict[str, tuple[Terminal, asyncio.StreamWriter]] = {}
        self._news = asyncio.Condition()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Platform]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await self.hang_up()
            await server.wait_closed()

    async def hang_up(self) -> None:
        """Break all connections."""
        links = list(self._links)
        for writer in self._links.values():
            writer.close()
        await asyncio.gather(*links)

    def kinds(self) -> list[str]:
        return [reading.kind for reading in self.heard]

    def distress(self) -> list[Reading]:
        return [reading for reading in self.heard if _calls_for_help(reading)]

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something heard makes it true."""
        async with asyncio.timeout(SOON_S), self._news:
            await self._news.wait_for(holds)

    async def until_heard(self, kind: str, times: int = 1) -> Reading:
        await self.until(lambda: self.kinds().count(kind) >= times)
        return [reading for reading in self.heard if reading.kind == kind][times - 1]

    def send(self, msg_id: int, body: bytes, sender: str = "") -> int:
        """Write a message to a terminal, the one heard last unless told; returns its (first) serial."""
        terminal, writer = self._lines[sender or self.heard[-1].sender]
        serial = self._serial
        self._serial += encode.packages(body)
        writer.write(encode.encode(msg_id, body, to=terminal, serial=serial))
        return serial

    def send_text(self, content: str, sender: str = "") -> int:
        terminal, _ = self._lines[sender or self.heard[-1].sender]
        return self.send(encode.TEXT, encode.text(content, to=terminal), sender)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._links[task] = writer
        self.connections += 1
        codec = Jt808Codec()
        try:
            with suppress(ConnectionError):
                while data := await reader.read(4096):
                    for result in codec.feed(data):
                        assert isinstance(result, Reading), result
                        self._lines[result.sender] = Terminal.of(result.fields), writer
                        await self._hear(result)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            del self._links[task]

    async def _hear(self, reading: Reading) -> None:
        if self.answers:
            self._answer(reading)
        async with self._news:
            self.heard.append(reading)
            self._news.notify_all()

    def _answer(self, reading: Reading) -> None:
        serial, msg_id = reading.fields["serial"], int(reading.kind, 16)
        if msg_id == encode.REGISTER:
            code = self.codes[reading.sender] = f"code-{len(self.heard)}"
            body = encode.register_answer(serial, self.register_result, code)
            self.send(encode.REGISTER_ANSWER, body, reading.sender)
        elif msg_id == encode.AUTHENTICATE:
            right = reading.fields["body"]["auth_code"] == self.codes.get(reading.sender)
            result = 0 if right and not self.refuses_every_code else 1
            self.send(encode.PLATFORM_ACK, encode.platform_ack(serial, msg_id, result), reading.sender)
        elif msg_id != encode.TERMINAL_ACK and (self.confirms_sos or not _calls_for_help(reading)):
            self.send(encode.PLATFORM_ACK, encode.platform_ack(serial, msg_id), reading.sender)


def _calls_for_help(reading: Reading) -> bool:
    return any(isinstance(signal, Distress) for signal in reading.signals)
