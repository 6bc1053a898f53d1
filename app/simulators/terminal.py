"""One JT/T 808 vehicle terminal as a TCP client: connects, reports, reconnects, until it is closed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from app.clock import SystemClock
from app.demo.movement import Motion
from app.simulators.firmware import Firmware, TypePlate

__all__ = ["Pace", "Terminal", "TypePlate"]

READ_BYTES = 16 * 1024
GOODBYE_S = 1.0
_WALL = SystemClock()


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a terminal does what, in seconds.

    `period_s` between reports, `sos_s` between reports while an SOS is unanswered (parameter 0x0028),
    `heartbeat_s` of idleness before a heartbeat. A line on which nothing was heard for `patience_s` is
    given up. The wait before a new connection doubles from `retry_s` to `retry_most_s`.
    """

    period_s: float = 10.0
    sos_s: float = 5.0
    heartbeat_s: float = 60.0
    patience_s: float = 90.0
    retry_s: float = 1.0
    retry_most_s: float = 60.0


class Terminal:
    """A terminal that lives from `run` to `close`.

    `whereabouts` says where the vehicle is, `on_text` is told each text of the platform. `online` is set
    while the platform accepts us; `firmware` shows the state within.
    """

    def __init__(
        self,
        plate: TypePlate,
        host: str,
        port: int,
        whereabouts: Callable[[], Motion],
        *,
        pace: Pace | None = None,
        now: Callable[[], datetime] = _WALL.now,
        on_text: Callable[[str], None] | None = None,
    ) -> None:
        self.host, self.port = host, port
        self.pace = pace or Pace()
        told = {
            "report_s": self.pace.period_s,
            "sos_report_s": self.pace.sos_s,
            "heartbeat_s": self.pace.heartbeat_s,
        }
        self.firmware = Firmware(
            plate,
            whereabouts,
            now,
            on_text,
            {name: max(1, round(value)) for name, value in told.items()},
            self._take_pace,
        )
        self.online = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None
        self._hurry = asyncio.Event()
        self._closing = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._jitter = random.Random(plate.phone)  # noqa: S311  spreads reconnections, guards nothing

    @property
    def phone(self) -> str:
        """The terminal's number."""
        return self.firmware.plate.phone

    @property
    def sos(self) -> bool:
        """Whether an SOS was pressed and the platform has not acknowledged it yet."""
        return self.firmware.sos

    async def run(self) -> None:
        """Live until `close` is called or this is cancelled; a terminal lives once."""
        self._ended.clear()
        try:
            async with asyncio.TaskGroup() as group:
                life = group.create_task(self._live())
                await self._closing.wait()
                life.cancel()
        finally:
            self._ended.set()

    async def close(self) -> None:
        """Hang up and wait until `run` has ended."""
        self._closing.set()
        await self._ended.wait()

    def press_sos(self) -> None:
        """Call for help: at once, and again until the platform has acknowledged it."""
        self.firmware.press_sos()
        self._hurry.set()

    def answer(self, text: str) -> None:
        """Answer the last text by its number, "1" to "255" (0x0302); ValueError for anything else."""
        self.firmware.answer(text)
        self._flush()

    def _take_pace(self) -> None:
        """Go at the pace that the platform has set (0x0001, 0x0028, 0x0029); 0 would be without a rest."""
        told = self.firmware.parameters.named
        self.pace = replace(
            self.pace,
            period_s=float(max(1, told["report_s"])),
            sos_s=float(max(1, told["sos_report_s"])),
            heartbeat_s=float(max(1, told["heartbeat_s"])),
        )
        self._hurry.set()

    async def _live(self) -> None:
        wait_s = self.pace.retry_s
        while True:
            was_online = await self._connect()
            if was_online:
                wait_s = self.pace.retry_s
            await asyncio.sleep(wait_s * self._jitter.uniform(0.75, 1.25))
            wait_s = min(2 * wait_s, self.pace.retry_most_s)

    async def _connect(self) -> bool:
        """Live through one connection; True if the platform ever accepted us on it."""
        try:
            async with asyncio.timeout(self.pace.patience_s):
                reader, self._writer = await asyncio.open_connection(self.host, self.port)
        except OSError:  # refused, unreachable or timed out
            return False
        writer = self._writer
        self.firmware.connected()
        try:
            async with asyncio.TaskGroup() as group:
                reports = group.create_task(self._report(writer))
                await self._listen(reader)
                reports.cancel()
        except* OSError:
            pass  # the line broke or fell silent: it is time for a new one
        finally:
            was_online = self.online.is_set()
            self._writer = None
            self.firmware.disconnected()
            self.online.clear()
            await _hang_up(writer)
        return was_online

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        self._flush()
        while not self.firmware.refused:
            async with asyncio.timeout(self.pace.patience_s):
                data = await reader.read(READ_BYTES)
            if not data:
                return
            self.firmware.hear(data)
            self._flush()
            if self.firmware.online:
                self.online.set()

    async def _report(self, writer: asyncio.StreamWriter) -> None:
        await self.online.wait()
        while True:
            self._hurry.clear()
            self.firmware.report()
            self._flush()
            await writer.drain()
            left_s = min(self.pace.period_s, self.pace.sos_s) if self.sos else self.pace.period_s
            while left_s > self.pace.heartbeat_s and not await self._hurried(self.pace.heartbeat_s):
                self.firmware.beat()
                self._flush()
                left_s -= self.pace.heartbeat_s
            await self._hurried(left_s)

    async def _hurried(self, within_s: float) -> bool:
        """Rest, unless something urgent comes up; True if it did."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._hurry.wait()
        return self._hurry.is_set()

    def _flush(self) -> None:
        """Send what the firmware has to say; while there is no line it keeps quiet."""
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(self.firmware.data_to_send())


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    """Close in good order; a platform that does not take our last words is cut off."""
    writer.close()
    with suppress(OSError):
        async with asyncio.timeout(GOODBYE_S):
            await writer.wait_closed()
            return
    writer.transport.abort()
