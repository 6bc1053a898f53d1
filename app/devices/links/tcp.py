"""The TCP server for JT/T 808 terminals: bounded in connections, bytes, time and garbage."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import structlog

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.jt808 import ADAPTER, encode
from app.devices.adapters.jt808.bodies import KNOWN_MESSAGES
from app.devices.garbage import note_garbage
from app.devices.jt808_session import Jt808Session
from app.devices.metrics import LINK_ENDS, LINKS, READINGS

log = structlog.get_logger()
FAMILY = ADAPTER.family
READ_BYTES = 16 * 1024
MAX_LINKS = 6000
GARBAGE_BUDGET = 128 * 1024  # bytes without one good frame before the line is cut
AUTHENTICATE_WITHIN_S = 60
SILENT_FOR_S = 600  # half-open lines: a live terminal sends a heart-beat long before
PARTIAL_FOR_S = 5
MAX_WRITE_BUFFER = 256 * 1024

NewSession = Callable[[Callable[[bytes], None], Callable[[Jt808Session], None]], Jt808Session]


class Jt808Server:
    """Listens for terminals; knows which device is on which connection."""

    def __init__(self, host: str, port: int, new_session: NewSession) -> None:
        self.host, self.port = host, port
        self._new_session = new_session
        self._sessions: dict[int, Jt808Session] = {}
        self._writers: dict[Jt808Session, asyncio.StreamWriter] = {}
        self._links: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Jt808Server]:
        """Listen while the block lasts; then close every connection."""
        server = await asyncio.start_server(
            self._accept, self.host, self.port, backlog=1024, limit=READ_BYTES
        )
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in list(self._links):
                task.cancel()
            await asyncio.gather(*self._links, return_exceptions=True)
            await server.wait_closed()

    def device_ids(self) -> list[int]:
        """Return the devices that are connected and have proved who they are."""
        return list(self._sessions)

    def session(self, device_id: int) -> Jt808Session | None:
        """Return the live session of a device, or None."""
        return self._sessions.get(device_id)

    def health(self) -> dict[str, object]:
        """Return how many lines are open and how many terminals have proved themselves."""
        return {"ok": True, "port": self.port, "links": len(self._links), "terminals": len(self._sessions)}

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._links) >= MAX_LINKS:
            LINK_ENDS.labels(FAMILY, "too_many").inc()
            writer.close()
            return
        self._links.add(task)
        LINKS.labels(FAMILY).inc()
        reason = "error"
        try:
            reason = await self._serve(reader, writer)
        except (ConnectionError, TimeoutError) as error:
            reason = type(error).__name__
        except asyncio.CancelledError:
            reason = "shutdown"
        except Exception as error:  # one link's trouble is not another's
            log.error("jt808_link_failed", error=repr(error), exc_info=error)
        finally:
            self._links.discard(task)
            LINKS.labels(FAMILY).dec()
            LINK_ENDS.labels(FAMILY, reason).inc()
            writer.close()
            with suppress(Exception):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        _keep_alive(writer)

        def write(data: bytes) -> None:
            if writer.transport.get_write_buffer_size() > MAX_WRITE_BUFFER:
                writer.transport.abort()  # it does not read what it is told
            elif not writer.is_closing():
                writer.write(data)

        session = self._new_session(write, self._joined)
        self._writers[session] = writer
        try:
            return await self._converse(reader, session, write)
        finally:
            session.close()
            del self._writers[session]
            if session.device and self._sessions.get(session.device.id) is session:
                del self._sessions[session.device.id]

    async def _converse(
        self, reader: asyncio.StreamReader, session: Jt808Session, write: Callable[[bytes], None]
    ) -> str:
        """Hear one terminal until either side ends; return why."""
        codec = ADAPTER.codec()
        wasted = 0  # bytes since the last good frame
        partial = False
        began = asyncio.get_running_loop().time()
        while wasted <= GARBAGE_BUDGET:
            data = await _read(reader, PARTIAL_FOR_S if partial else _patience(session))
            if data == b"" or (data is None and not partial):
                return "silent" if data is None else "closed_by_peer"
            results = list(codec.idle() if data is None else codec.feed(data))
            partial = data is not None and not results
            wasted += len(data or b"")
            for result in results:
                if isinstance(result, Garbage):
                    _answer_garbage(result, write)
                    continue
                wasted = 0
                if not await _good(session, result):
                    return "refused"
            if session.device is None and asyncio.get_running_loop().time() - began > AUTHENTICATE_WITHIN_S:
                return "never_authenticated"
        return "garbage"

    def _joined(self, session: Jt808Session) -> None:
        """Let a new connection of the same terminal take the place of the old one."""
        assert session.device is not None
        old = self._sessions.get(session.device.id)
        self._sessions[session.device.id] = session
        if old is not None and old is not session and (writer := self._writers.get(old)):
            writer.close()


async def _read(reader: asyncio.StreamReader, timeout_s: float) -> bytes | None:
    """Return the next bytes, b"" at the end, None when the line was silent for so long."""
    try:
        async with asyncio.timeout(timeout_s):
            return await reader.read(READ_BYTES)
    except TimeoutError:
        return None


def _patience(session: Jt808Session) -> float:
    return AUTHENTICATE_WITHIN_S if session.device is None else SILENT_FOR_S


async def _good(session: Jt808Session, reading: Reading) -> bool:
    # A stranger must not choose our labels: each would be kept for ever.
    named = session.device is not None and int(reading.kind, 16) in KNOWN_MESSAGES
    READINGS.labels(FAMILY, reading.kind if named else "other").inc()
    return await session.hear(reading)


def _answer_garbage(garbage: Garbage, write: Callable[[bytes], None]) -> None:
    note_garbage(FAMILY, garbage)
    if garbage.reason == "length" and (answer := encode.refuse(garbage.raw, serial=0)):
        write(answer)


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    plug = writer.get_extra_info("socket")
    if plug is not None:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
