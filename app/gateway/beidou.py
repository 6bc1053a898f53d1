"""A Beidou command machine on a gateway's cable: it hears everybody, and sends one command at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import structlog

from app.background import alongside
from app.clock import Clock
from app.delivery.rules import FEEDBACK_LIMIT, MAX_ATTEMPTS
from app.devices.adapter import Garbage, Reading
from app.devices.adapters.mqtt_gateway.envelope import Order
from app.devices.adapters.payload import capacity_bits, segment
from app.devices.beidou.dialects import DIALECTS, Card, card_number
from app.devices.beidou.machine import BACKOFF_S, IDLE_S, LONGEST_PACE, PACE_MARGIN
from app.devices.catalogue import adapters
from app.devices.garbage import note_garbage
from app.devices.links.serial import Line, LinkLost, SerialLink, open_line
from app.gateway.core import Core
from app.gateway.store import Task
from app.signals import Health, Receipt

log = structlog.get_logger()
TICK_S = 0.5
CHANNEL = "beidou"


@dataclass
class _Sending:
    """The command that is on its way: its parts, how often the present one was tried, when last."""

    task: Task
    parts: list[str]
    at: int = 0
    attempt: int = 0
    submitted_at: datetime | None = None


class EdgeBeidou:
    """Lives as long as the gateway, whatever its cable does."""

    channel = CHANNEL

    def __init__(self, link: SerialLink, core: Core, clock: Clock) -> None:
        self.link = link
        self.family = link.family
        self.name = f"{CHANNEL}:{link.url}"
        self.card = Card()
        self.connected = False
        self._dialect = DIALECTS[link.family]
        self._core = core
        self._clock = clock
        self._line: Line | None = None
        self._sending: _Sending | None = None
        self._sent_at: datetime | None = None
        self._wait = timedelta()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[EdgeBeidou]:
        """Serve the machine while the block lasts."""
        async with alongside(self.run()):
            yield self

    def health(self) -> dict[str, object]:
        """Return the state of cable and card."""
        return {"ok": self.connected and bool(self.card.number), "card": self.card.number}

    async def run(self) -> None:
        """Keep the line open and the queue moving for ever."""
        async with alongside(self._send()):
            attempt = 0
            while True:
                try:
                    async with open_line(self.link) as line:
                        attempt = 0
                        await self._serve(line)
                except LinkLost as error:
                    if attempt == 0:
                        log.warning("gateway_line_lost", url=self.link.url, error=str(error))
                except Exception as error:  # noqa: BLE001  a fault of ours must not silence the machine
                    log.error("gateway_machine_failed", url=self.link.url, error=repr(error))
                self._line, self.connected = None, False
                await asyncio.sleep(BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])
                attempt += 1

    async def _serve(self, line: Line) -> None:
        codec = adapters()[self.link.family].codec()
        await line.write(self._dialect.ask_signal())
        await line.write(self._dialect.ask_card())
        self._line, self.connected = line, True
        log.info("gateway_line_open", url=self.link.url)
        while True:
            try:
                async with asyncio.timeout(IDLE_S):
                    data = await line.read()
            except TimeoutError:
                results = list(codec.idle())
            else:
                results = list(codec.feed(data))
            for result in results:
                self._hear(result)

    def _hear(self, result: Reading | Garbage) -> None:
        if isinstance(result, Garbage):
            note_garbage(self.link.family, result)
            return
        for signal in result.signals:
            if isinstance(signal, Health):
                self._learn(dict(signal.facts))
            elif isinstance(signal, Receipt) and signal.ref in (self._dialect.command, ""):
                self._feedback(signal)
        self._core.hear(result, CHANNEL)

    def _learn(self, facts: dict[str, float | int | str]) -> None:
        if "card_number" in facts:
            freq = min(timedelta(seconds=float(facts.get("freq_s") or 60)), LONGEST_PACE)
            self.card = Card(str(facts["card_number"]), freq, int(float(facts.get("level") or 0)))

    def _feedback(self, receipt: Receipt) -> None:
        sending = self._sending
        if sending is None or sending.submitted_at is None:
            return
        sending.submitted_at = None
        if receipt.stage == "accepted":
            sending.at, sending.attempt = sending.at + 1, 0
            if sending.at == len(sending.parts):
                self._end("ok")
        elif sending.attempt >= MAX_ATTEMPTS:
            self._end("failed", receipt.reason)
        elif receipt.retry_after_s:
            self._wait = timedelta(seconds=receipt.retry_after_s) + PACE_MARGIN

    def _end(self, result: str, reason: str = "") -> None:
        assert self._sending is not None
        self._core.finish(self._sending.task, result, reason)
        self._sending = None

    async def _send(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self.tick()
            except LinkLost:
                pass  # it counts as sent without an answer
            except Exception as error:  # noqa: BLE001  the next command may be another
                log.error("gateway_cannot_send", url=self.link.url, error=repr(error))

    async def tick(self) -> None:
        """Send the next part if cable, card and pace allow; deal with silence. Raises LinkLost."""
        now = self._clock.now()
        if self._sending and self._sending.submitted_at:
            if now - self._sending.submitted_at < FEEDBACK_LIMIT:
                return
            self._sending.submitted_at = None
            if self._sending.attempt >= MAX_ATTEMPTS:
                self._end("timeout", "no_feedback")
        if self._line is None or not self.card.number or not self._ready(now):
            return
        sending = self._sending = self._sending or self._next()
        if sending is None:
            return
        if sending.task.expires_at <= now:
            self._end("expired")
            return
        frame = self._dialect.send(
            card_number(sending.task.device, self._dialect.largest), sending.parts[sending.at]
        )
        sending.submitted_at = self._sent_at = now
        sending.attempt += 1
        self._wait = timedelta()
        await self._line.write(frame)

    def _ready(self, now: datetime) -> bool:
        pace = max(self.card.freq + PACE_MARGIN, self._wait)
        return self._sent_at is None or now - self._sent_at >= pace

    def _next(self) -> _Sending | None:
        """Return the next command that this machine can say; one that it cannot is answered at once."""
        while (task := self._core.next_task(CHANNEL)) is not None:
            try:
                card_number(task.device, self._dialect.largest)
                words = msgspec.json.decode(task.body, type=Order).text
                return _Sending(task, segment(words, capacity_bits(self.card.level)))
            except (ValueError, msgspec.DecodeError) as error:
                self._core.finish(task, "rejected", str(error)[:100])
        return None
