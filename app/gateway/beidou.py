"""A Beidou command machine on a gateway's cable: it hears everybody, and sends one command at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from app.background import alongside
from app.clock import Clock
from app.delivery.rules import FEEDBACK_LIMIT
from app.devices.adapter import Reading
from app.devices.adapters.payload import capacity_bits, segment
from app.devices.beidou.cable import Cable
from app.devices.beidou.dialects import card_number, own_health
from app.devices.inbox import Inbox
from app.devices.links.serial import LinkLost, SerialLink
from app.gateway.core import Core
from app.gateway.outbox import Outbox
from app.gateway.store import Task
from app.signals import Health, Receipt

log = structlog.get_logger()
TICK_S = 0.5
CHANNEL = "beidou"
TELL_EVERY = timedelta(seconds=60)
"""How often the centre is told of the machine's own signal: the machine tells it every ten seconds."""


class EdgeBeidou:
    """Lives as long as the gateway, whatever its cable does."""

    channel = CHANNEL

    def __init__(self, link: SerialLink, core: Core, clock: Clock) -> None:
        self.family = link.family
        self.name = f"{CHANNEL}:{link.url}"
        self.cable = Cable(link, clock, self._hear)
        self._core = core
        self._clock = clock
        self._inbox = Inbox(self._take_in)
        self._outbox = Outbox(core, CHANNEL, clock.now, patience=FEEDBACK_LIMIT)
        self._sent_at: datetime | None = None
        self._wait = timedelta()
        self._told_at: datetime | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[EdgeBeidou]:
        """Serve the machine while the block lasts."""
        async with self._inbox.running(), alongside(self.cable.run(), self._send()):
            yield self

    def health(self) -> dict[str, object]:
        """Return the state of cable and card."""
        return {
            "ok": self.cable.ready,
            "connected": self.cable.line is not None,
            "card": self.cable.card.number,
            "signal_pct": self.cable.signal.percent,
            "trouble": self.cable.trouble,
        }

    async def tick(self) -> None:
        """Send the next part if cable, card and pace allow; deal with silence. Raises LinkLost."""
        for sending in self._outbox.leaving(self._reach, self._cut):
            dialect, line = self.cable.dialect, self.cable.line
            assert line is not None  # else nothing is in reach
            frame = dialect.send(card_number(sending.task.device, dialect.largest), sending.part)
            self._sent_at, self._wait = self._clock.now(), timedelta()
            sending.submit(dialect.command, self._sent_at)
            await line.write(frame)

    def _hear(self, reading: Reading) -> None:
        """Let a reading wait for the disk: RDSS repeats nothing."""
        for receipt in (signal for signal in reading.signals if isinstance(signal, Receipt)):
            if receipt.ref in (self.cable.dialect.command, ""):  # "": whatever is under way
                self._feedback(receipt)
        if told := [signal for signal in reading.signals if isinstance(signal, Health)]:
            self._tell_of_itself(reading, told)
        if said := tuple(s for s in reading.signals if not isinstance(s, Health | Receipt)):
            self._inbox.put(replace(reading, signals=said))

    def _tell_of_itself(self, reading: Reading, told: Sequence[Health]) -> None:
        now = self._clock.now()
        if not self.cable.card.number or (self._told_at and now - self._told_at < TELL_EVERY):
            return
        health = own_health(told, self.cable.signal)
        if any(name == "signal_pct" for name, _ in health.facts):
            self._told_at = now
            self._inbox.put(replace(reading, sender=self.cable.card.number, signals=(health,)))

    async def _take_in(self, reading: Reading) -> None:
        self._core.hear(reading, CHANNEL)

    def _feedback(self, receipt: Receipt) -> None:
        """Take in what the machine said of our last message: taken is not delivered."""
        sending = next(iter(self._outbox.under_way()), None)
        if sending is None:
            return
        if receipt.stage != "accepted":
            self._wait = self.cable.card.wait_after(receipt)
            self._outbox.failed(sending, receipt.reason, again=True)
        elif self._outbox.accepted(sending):
            self._outbox.ended(sending, "ok")

    def _reach(self, _: Task) -> str | None:
        card = self.cable.card
        able = self.cable.ready and card.may_send(self._sent_at, self._clock.now(), self._wait)
        return self.name if able else None

    def _cut(self, task: Task, text: str) -> Sequence[str]:
        """Make parts of a text that this card can send. Raises ValueError for what can never be sent."""
        card_number(task.device, self.cable.dialect.largest)
        return segment(text, capacity_bits(self.cable.card.level))

    async def _send(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self.tick()
            except LinkLost:
                pass  # it counts as sent without an answer
            except Exception as error:  # the next command may be another
                log.error("gateway_cannot_send", driver=self.name, error=repr(error), exc_info=error)
