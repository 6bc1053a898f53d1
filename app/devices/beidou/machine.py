"""One Beidou command machine: asks for its card, hears everybody, sends one message at a time in its pace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from app.background import alongside
from app.devices.adapter import Garbage, Reading
from app.devices.beidou.dialects import DIALECTS, SIGNAL_EVERY_S, Card, Signal, own_health
from app.devices.beidou.outbox import CHANNEL, Outbox
from app.devices.beidou.outbox import PACE_MARGIN as PACE_MARGIN  # of the edge's machines too
from app.devices.beidou.probes import of_own_card
from app.devices.catalogue import adapters
from app.devices.driver import Driver, Probed, Rig
from app.devices.garbage import note_garbage
from app.devices.inbox import Inbox
from app.devices.links.serial import Line, LinkLost, SerialLink, open_line, parse_links
from app.devices.metrics import LINK_ENDS, LINKS, READINGS
from app.devices.register import BEIDOU_FAMILIES, families_of
from app.org.store import DeviceFact
from app.signals import Distress, Fix, Health, Receipt, Text

log = structlog.get_logger()
IDLE_S = 1.0  # protocols/beidou.md §1.1: a partial frame is given up after about a second
ASK_CARD_EVERY = timedelta(seconds=60)
ASK_SIGNAL_AFTER = timedelta(seconds=3 * SIGNAL_EVERY_S)
"""A machine that was to report its signal and does not was switched off and on: it is told again."""

LONGEST_PACE = timedelta(minutes=10)
STABLE_AFTER = timedelta(seconds=10)
BACKOFF_S = (0.5, 1.0, 2.0, 5.0, 10.0)


class BeidouMachine:
    """The driver of one machine. It lives as long as the service, whatever its cable does."""

    def __init__(self, link: SerialLink, rig: Rig) -> None:
        self.link = link
        self.name = f"{CHANNEL}:{link.url}"
        self.card = Card()
        self.signal = Signal()
        self.connected = False
        self.trouble = ""  # why the line is not open
        self._dialect = DIALECTS[link.family]
        self._register = rig.register
        self._pump = rig.pump
        self._clock = rig.clock
        self._inbox = Inbox(self._take_in)
        self._positions = Inbox(self._take_in_position)
        self._line: Line | None = None
        self._asked_at: datetime | None = None
        self._told_at: datetime | None = None  # when the signal was asked for, or told, last
        self._told = asyncio.Event()
        self._outbox = Outbox(link, rig)

    @property
    def wire_ref(self) -> str:
        """What a message in flight through this machine is known by: one at a time."""
        return self._outbox.wire_ref

    def health(self) -> dict[str, object]:
        """Return the state of cable and card."""
        return {
            "ok": self.connected and bool(self.card.number),
            "connected": self.connected,
            "card": self.card.number,
            "freq_s": self.card.freq.total_seconds(),
            "signal_pct": self.signal.percent,
            "trouble": self.trouble,
        }

    @asynccontextmanager
    async def running(self) -> AsyncIterator[BeidouMachine]:
        """Keep the line open while the block lasts."""
        async with alongside(self.run()):
            yield self

    async def send_waiting(self) -> None:
        """Send the next waiting message if cable, card and pace allow. Raises LinkLost."""
        await self.send_next()

    async def send_next(self) -> bool:
        """Send the next waiting message if cable, card and pace allow; False if nothing was sent."""
        return await self._outbox.send_next(self._line, self.card)

    async def probe(self, device: DeviceFact) -> Probed | None:
        """Ask the machine for its card and signal, if it is this machine's own card.

        A card out there answers nobody by itself, and a test message costs a slot of ours: see call_holder.
        """
        if not self._is_card(device) or device.number != self.card.number:
            return None
        line = self._line
        if line is None:
            away = self.trouble or "未连接 / not connected"
            return Probed(passed=False, method="signal_query", detail=away)
        return await of_own_card(
            lambda: line.write(self._dialect.ask_card() + self._dialect.ask_signal()),
            self._told,
            lambda: (self.signal.ready and bool(self.card.number), self.signal.words()),
        )

    async def call_holder(self, device: DeviceFact) -> Probed | None:
        """Send a card out there a test message, in a slot that no order wants; its next word is the receipt.

        None when this machine cannot. Raises NotAsked.
        """
        if not self._is_card(device) or device.number == self.card.number or self._line is None:
            return None
        return await self._outbox.calls.make(device.number)

    def _is_card(self, device: DeviceFact) -> bool:
        return bool(self.card.number) and families_of(device.family) == BEIDOU_FAMILIES

    async def run(self) -> None:
        """Keep the line open for ever, with a growing pause between attempts."""
        async with self._inbox.running(), self._positions.running():
            attempt = 0
            while True:
                if await self._once(first=attempt == 0):  # a line that breaks at once is no reason to hurry
                    attempt = 0
                await asyncio.sleep(BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])
                attempt += 1

    async def _once(self, *, first: bool) -> bool:
        """Open the line and serve it until it breaks; True if it had stood for a while."""
        opened_at: datetime | None = None
        try:
            async with open_line(self.link) as line:
                opened_at = self._clock.now()
                await self._serve(line)
        except LinkLost as error:
            if first or str(error) != self.trouble:
                log.warning("beidou_link_lost", url=self.link.url, error=str(error))
            self.trouble = str(error)
            LINK_ENDS.labels(self.link.family, "lost").inc()
        except Exception as error:  # a fault of ours: the machine must not fall silent for ever
            log.error("beidou_machine_failed", url=self.link.url, error=repr(error), exc_info=error)
            LINK_ENDS.labels(self.link.family, "error").inc()
        return opened_at is not None and self._clock.now() - opened_at > STABLE_AFTER

    async def _serve(self, line: Line) -> None:
        self._line, self.connected, self._asked_at, self.trouble = line, True, None, ""
        LINKS.labels(self.link.family).inc()
        log.info("beidou_link_open", url=self.link.url)
        codec = adapters()[self.link.family].codec()
        try:
            self._told_at = None
            while True:
                await self._ask_for_signal(line)
                await self._ask_for_card(line)
                try:
                    async with asyncio.timeout(IDLE_S):
                        data = await line.read()
                except TimeoutError:
                    results = list(codec.idle())
                else:
                    results = list(codec.feed(data))
                for result in results:
                    self._hear(result)
        finally:
            LINKS.labels(self.link.family).dec()
            self._line, self.connected = None, False

    async def _ask_for_signal(self, line: Line) -> None:
        now = self._clock.now()
        if self._told_at is None or now - self._told_at >= ASK_SIGNAL_AFTER:
            if self._told_at is not None:
                self._asked_at = None  # and somebody may have changed the card while it was off
            self._told_at = now
            await line.write(self._dialect.ask_signal())

    async def _ask_for_card(self, line: Line) -> None:
        now = self._clock.now()
        due = self._asked_at is None or (not self.card.number and now - self._asked_at >= ASK_CARD_EVERY)
        if due:
            self._asked_at = now
            await line.write(self._dialect.ask_card())

    def _hear(self, result: Reading | Garbage) -> None:
        """Read on at once: RDSS repeats nothing, and the port's own memory is a few kilobytes."""
        if isinstance(result, Garbage):
            note_garbage(self.link.family, result)
            return
        READINGS.labels(result.family, result.kind).inc()
        told = [signal for signal in result.signals if isinstance(signal, Health)]
        for one in told:
            self._learn(dict(one.facts))
        fixes = tuple(signal for signal in result.signals if isinstance(signal, Fix))
        rest = tuple(signal for signal in result.signals if not isinstance(signal, Fix))
        if any(isinstance(signal, Text | Distress | Receipt) for signal in rest):
            self._outbox.calls.heard(result.sender, self._clock.now())
            self._inbox.put(replace(result, signals=rest))
        elif told:
            self._inbox.put(
                replace(result, sender=self.card.number, signals=(own_health(told, self.signal),))
            )
        if fixes:
            self._outbox.calls.heard(result.sender, self._clock.now())
            self._positions.put(replace(result, signals=fixes))

    async def _take_in(self, reading: Reading) -> None:
        for signal in reading.signals:
            if isinstance(signal, Receipt):
                await self._outbox.feedback(signal, self.card)
        device: DeviceFact | None = None
        if any(isinstance(signal, Text | Distress) for signal in reading.signals):
            device = await self._speaker(reading)
        elif any(isinstance(signal, Health) for signal in reading.signals) and reading.sender:
            # Our own card, if it stands in the register: it is not admitted like somebody who calls.
            device = await self._register.find(reading.family, reading.sender)
        if device is not None:
            await self._pump.hear(device, reading, self.name)

    async def _take_in_position(self, reading: Reading) -> None:
        """Take in a position and wait for its commit: RDSS repeats nothing."""
        if (device := await self._speaker(reading)) and (
            stored := await self._pump.hear(device, reading, self.name)
        ):
            await stored

    async def _speaker(self, reading: Reading) -> DeviceFact | None:
        """Return the device whose card speaks, admitted if it was unknown; None if it may not speak."""
        if reading.sender in ("", "0"):
            return None
        device = await self._register.find(reading.family, reading.sender)
        if device is None:
            device = await self._register.admit(
                self.link.family, reading.sender, reading.raw, f"未登记北斗卡 {reading.sender}"
            )
        if device is None:
            log.warning("beidou_card_switched_off", number=reading.sender)
        return device

    def _learn(self, facts: dict[str, float | int | str]) -> None:
        if (signal := Signal.of(facts)) is not None:
            self.signal, self._told_at = signal, self._clock.now()
            self._told.set()
        if "card_number" not in facts:
            return
        freq = timedelta(seconds=float(facts.get("freq_s") or 60))
        self.card = Card(
            str(facts["card_number"]), min(freq, LONGEST_PACE), int(float(facts.get("level") or 0))
        )


def drivers(rig: Rig) -> list[Driver]:
    """Return a driver for each serial line of the settings that leads to a Beidou machine."""
    links = parse_links(rig.settings.serial_links)
    return [BeidouMachine(link, rig) for link in links if link.family in DIALECTS]
