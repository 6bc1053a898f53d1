"""The phone's side of an AT line: commands in, lines out. Knows nothing of our own AT engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from app.simulators.line import SerialLine


class Cable(Protocol):
    """Where a simulated modem writes to."""

    def write(self, data: bytes) -> None:
        """Send bytes to the host."""
        ...

    def close(self) -> None:
        """Pull the cable out."""
        ...


class TcpCable:
    """The modem behind a serial server: one host at a time, by TCP."""

    def __init__(self, hear: Callable[[bytes], None]) -> None:
        self._hear = hear
        self._writer: asyncio.StreamWriter | None = None
        self._server: asyncio.Server | None = None
        self.port = 0

    async def listen(self, host: str, port: int) -> None:
        """Wait for a host; port 0 takes a free one."""
        self._server = await asyncio.start_server(self._serve, host, port)
        self.port = self._server.sockets[0].getsockname()[1]

    def write(self, data: bytes) -> None:
        """Send to the host, if there is one."""
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(data)

    def close(self) -> None:
        """Hang up on the host and listen no more."""
        if self._writer is not None:
            self._writer.close()
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer = writer
        try:
            while data := await reader.read(4096):
                self._hear(data)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            if self._writer is writer:
                self._writer = None


class AtPhone:
    """What every simulated modem does with a line: cut it into commands, echo, answer, say OK.

    A subclass answers in `obey`. `path` or `port` is what a host opens.
    """

    def __init__(self) -> None:
        self.path = ""
        self.port = 0
        self.mute = False
        self.echo = True
        self.heard: list[str] = []
        self.unknown: set[str] = set()
        self._cable: Cable | None = None
        self._held = bytearray()
        self._entry: Callable[[bytes], None] | None = None  # what follows a "> " prompt goes there
        self._count = 0  # octets of a binary entry that are still to come, 0 for text

    def plug_in(self) -> None:
        """Connect a pseudo-terminal: `path` can be opened from now on. Needs a running loop."""
        line = SerialLine(self.hear)
        self._cable, self.path = line, line.path

    def pull_out(self) -> None:
        """Disconnect."""
        if self._cable is not None:
            self._cable.close()
            self._cable = None

    @asynccontextmanager
    async def on_tcp(self, host: str, port: int = 0) -> AsyncIterator[None]:
        """Stand behind a serial server while the block lasts."""
        cable = TcpCable(self.hear)
        await cable.listen(host, port)
        self._cable, self.port = cable, cable.port
        try:
            yield
        finally:
            self.pull_out()

    def hear(self, data: bytes) -> None:
        """Take what the host writes."""
        for octet in data:
            self._octet(octet)

    def say(self, *lines: str) -> None:
        """Say lines by itself, or as an answer."""
        for line in lines:
            self.raw(b"\r\n" + line.encode("ascii", "replace") + b"\r\n")

    def raw(self, data: bytes) -> None:
        """Put bytes on the line: half a line, noise, a frame."""
        if self._cable is not None and not self.mute:
            self._cable.write(data)

    def prompt(self, entry: Callable[[bytes], None]) -> None:
        """Ask for what is to be sent; `entry` gets it when Ctrl-Z comes."""
        self._entry = entry
        self.raw(b"\r\n> ")

    def take(self, count: int, entry: Callable[[bytes], None]) -> None:
        """Take so many octets, whatever they are, as what comes next."""
        self._entry, self._count = entry, count

    def obey(self, command: str) -> None:
        """Answer one command, without its AT and in the spelling of the host."""
        self.say("ERROR")

    def forget(self) -> None:
        """Forget half a command: the phone starts anew."""
        self._held.clear()
        self._entry, self._count = None, 0
        self.echo = True

    def _octet(self, octet: int) -> None:
        if self._count:
            self._held.append(octet)
            self._count -= 1
            if not self._count and self._entry is not None:
                entry, self._entry = self._entry, None
                body = bytes(self._held)
                self._held.clear()
                entry(body)
            return
        if self._entry is not None and octet in (0x1A, 0x1B):
            entry, self._entry = self._entry, None
            body = bytes(self._held).strip()
            self._held.clear()
            if octet == 0x1A:
                entry(body)
            else:
                self.say("OK")
        elif self._entry is None and octet == 0x0D:
            line = bytes(self._held).decode("ascii", "replace").strip()
            self._held.clear()
            self._command(line)
        elif octet not in (0x0A, 0x1A, 0x1B) and len(self._held) < 2000:
            self._held.append(octet)

    def _command(self, line: str) -> None:
        if self.echo and line:
            self.raw(line.encode("ascii", "replace") + b"\r")
        if line[:2].upper() != "AT":
            return
        self.heard.append(line)
        command = line[2:]
        if any(command.startswith(one) for one in self.unknown):
            self.say("ERROR")
        else:
            self.obey(command)
