"""One TCP connection of a JT/T 808 terminal. Idle it holds no task and no timer: there are thousands."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from typing import Protocol, cast

import structlog

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.jt808 import ADAPTER, Jt808Codec, encode
from app.devices.adapters.jt808.bodies import KNOWN_MESSAGES
from app.devices.garbage import note_garbage
from app.devices.jt808.session import Jt808Session
from app.devices.metrics import READINGS

log = structlog.get_logger()
FAMILY = ADAPTER.family
GARBAGE_BUDGET = 128 * 1024  # bytes without one good frame before the line is cut
STRANGER_BUDGET = 16 * 1024  # … of somebody who has not proved who he is: to register takes a hundred
AUTHENTICATE_WITHIN_S = 60
SILENT_FOR_S = 600  # half-open lines: a live terminal sends a heart-beat long before
PARTIAL_FOR_S = 5
ASK_AGAIN_EVERY_S = 5  # for packages of a long message that do not come
ASK_AT_MOST = 3
CLOSE_WITHIN_S = 10  # for what was still to be written
MAX_WRITE_BUFFER = 256 * 1024
MAX_WAITING = 64  # readings not taken in yet before the terminal has to wait


class Switchboard(Protocol):
    """Who holds the links."""

    def opened(self, link: TerminalLink) -> Jt808Session | None:
        """Take a new connection in; None when there are too many already."""
        ...

    def closed(self, link: TerminalLink, reason: str) -> None:
        """Let a connection go that was taken in."""
        ...


class TerminalLink(asyncio.Protocol):
    """Readings are taken in one after the other; the terminal waits while too many wait."""

    __slots__ = (
        "_asked_at",
        "_began",
        "_board",
        "_codec",
        "_heard_at",
        "_partial",
        "_reason",
        "_transport",
        "_waiting",
        "_wasted",
        "_worker",
        "session",
    )

    def __init__(self, board: Switchboard) -> None:
        self.session: Jt808Session | None = None
        self._board = board
        self._codec = cast("Jt808Codec", ADAPTER.codec())
        self._transport: asyncio.Transport | None = None
        self._waiting: deque[Reading] | None = None
        self._worker: asyncio.Task[None] | None = None
        self._began = self._heard_at = self._asked_at = asyncio.get_running_loop().time()
        self._partial = False
        self._wasted = 0  # bytes since the last good frame
        self._reason = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, unless there are too many already."""
        self._transport = cast("asyncio.Transport", transport)
        self.session = self._board.opened(self)
        if self.session is None:
            self._transport.abort()
            return
        plug = transport.get_extra_info("socket")
        if plug is not None:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def data_received(self, data: bytes) -> None:
        """Decode what came; what is good is taken in by a task that lives only as long as it has work."""
        if self._reason or self.session is None:
            return
        self._heard_at = asyncio.get_running_loop().time()
        # The loop hands over up to 256 KiB at once: a babbling line is cut before all of it is looked at.
        for start in range(0, len(data), STRANGER_BUDGET):
            part = data[start : start + STRANGER_BUDGET]
            self._wasted += len(part)
            results = list(self._codec.feed(part))
            self._partial = not results
            self._take(results)
            if self._reason:
                return

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go; what was received before is still taken in."""
        self._transport = None
        self._reason = self._reason or (type(exc).__name__ if exc else "closed_by_peer")
        if self.session is not None and self._worker is None:
            self._end()

    def write(self, data: bytes) -> None:
        """Send bytes, if there is still somebody who reads them."""
        if self._transport is None or self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > MAX_WRITE_BUFFER:
            self.abort("does_not_read")
        else:
            self._transport.write(data)

    def close(self, reason: str) -> None:
        """Hang up after what is still to be written."""
        self._reason = self._reason or reason
        self._heard_at = asyncio.get_running_loop().time()
        if self._transport is not None:
            self._transport.close()

    def abort(self, reason: str) -> None:
        """Hang up at once."""
        self._reason = self._reason or reason
        if self._transport is not None:
            self._transport.abort()

    async def stop(self) -> None:
        """Hang up at once and take nothing in any more."""
        self.abort("shutdown")
        if (worker := self._worker) is not None:
            worker.cancel()
            await asyncio.wait([worker])

    def look(self) -> None:
        """Once a second: who does not say who he is, who fell silent, what did not come whole."""
        now = asyncio.get_running_loop().time()
        quiet_s = now - self._heard_at
        if self._transport is None or self.session is None:
            return
        if self._reason:
            if quiet_s > CLOSE_WITHIN_S:
                self._transport.abort()
        elif self.session.device is None and now - self._began > AUTHENTICATE_WITHIN_S:
            self.close("never_authenticated")
        elif quiet_s > SILENT_FOR_S:
            self.close("silent")
        elif self._partial and quiet_s > PARTIAL_FOR_S:
            self._partial = False
            self._take(list(self._codec.idle()))
        elif self._codec.unfinished and now - self._asked_at >= ASK_AGAIN_EVERY_S:
            self._asked_at = now
            self._ask_again(self.session)

    def _ask_again(self, session: Jt808Session) -> None:
        """Ask for the packages of long messages that came to a halt (0x8003), three times at most."""
        for missing in self._codec.stalled():
            if missing.asked < ASK_AT_MOST:
                session.request(missing)
            else:
                note_garbage(FAMILY, self._codec.give_up(missing))

    def _take(self, results: list[Reading | Garbage]) -> None:
        for result in results:
            if isinstance(result, Garbage):
                self._answer_garbage(result)
                continue
            self._wasted = 0
            if self._waiting is None:
                self._waiting = deque()
            self._waiting.append(result)
        known = self.session is not None and self.session.device is not None
        if self._wasted >= (GARBAGE_BUDGET if known else STRANGER_BUDGET):
            self.close("garbage")
        if self._waiting and self._worker is None:
            self._worker = asyncio.create_task(self._work())
        if self._transport is not None and len(self._waiting or ()) > MAX_WAITING:
            self._transport.pause_reading()

    async def _work(self) -> None:
        """Take in what waits, in order; then let go of everything that an idle link does not need."""
        assert self._waiting is not None
        try:
            while self._waiting:
                if not await self._good(self._waiting.popleft()):
                    self.close("refused")
                    break
                await asyncio.sleep(0)  # whoever sends a thousand at once is not the only one
        except (ConnectionError, TimeoutError) as error:
            self.close(type(error).__name__)
        except Exception as error:  # one link's trouble is not another's
            log.error("jt808_link_failed", error=repr(error), exc_info=error)
            self.close("error")
        finally:
            self._worker = self._waiting = None
            if self._transport is None:
                self._end()
            elif not self._reason:
                self._transport.resume_reading()

    async def _good(self, reading: Reading) -> bool:
        assert self.session is not None
        # A stranger must not choose our labels: each would be kept for ever.
        named = self.session.device is not None and int(reading.kind, 16) in KNOWN_MESSAGES
        READINGS.labels(FAMILY, reading.kind if named else "other").inc()
        return await self.session.hear(reading)

    def _answer_garbage(self, garbage: Garbage) -> None:
        note_garbage(FAMILY, garbage)
        if garbage.reason == "length" and (answer := encode.refuse(garbage.raw, serial=0)):
            self.write(answer)

    def _end(self) -> None:
        assert self.session is not None
        self.session.close()
        self._board.closed(self, self._reason)
