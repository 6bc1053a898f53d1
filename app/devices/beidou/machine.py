"""One Beidou command machine: asks for its card, hears everybody, sends one message at a time in its pace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from app.background import alongside
from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.actions import Outcome
from app.devices.adapter import Garbage, Reading
from app.devices.adapters.payload import capacity_bits, segment
from app.devices.beidou.dialects import DIALECTS, SIGNAL_EVERY_S, Card, Signal, card_number, own_health
from app.devices.catalogue import adapters
from app.devices.driver import Driver, Probed, Rig
from app.devices.garbage import note_garbage
from app.devices.inbox import Inbox
from app.devices.links.serial import Line, LinkLost, SerialLink, open_line, parse_links
from app.devices.metrics import LINK_ENDS, LINKS, READINGS, SENT
from app.devices.register import BEIDOU_FAMILIES, families_of
from app.org.store import DeviceFact
from app.signals import Distress, Fix, Health, Receipt, Text

log = structlog.get_logger()
CHANNEL = "beidou"
IDLE_S = 1.0  # protocols/beidou.md §1.1: a partial frame is given up after about a second
ASK_CARD_EVERY = timedelta(seconds=60)
ASK_SIGNAL_AFTER = timedelta(seconds=3 * SIGNAL_EVERY_S)
"""A machine that was to report its signal and does not was switched off and on: it is told again."""

PROBE_WITHIN_S = 15.0
PACE_MARGIN = timedelta(seconds=2)
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
        self._database = rig.database
        self._register = rig.register
        self._pump = rig.pump
        self._clock = rig.clock
        self._stream = rig.stream
        self._inbox = Inbox(self._take_in)
        self._positions = Inbox(self._take_in_position)
        self._line: Line | None = None
        self._asked_at: datetime | None = None
        self._told_at: datetime | None = None  # when the signal was asked for, or told, last
        self._told = asyncio.Event()

    @property
    def wire_ref(self) -> str:
        """What a message in flight through this machine is known by: one at a time."""
        return f"{self.link.url}:{self._dialect.command}"

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

    async def probe(self, device: DeviceFact) -> Probed | None:
        """Ask the machine for its card and signal, if it is this machine's own card.

        A card out there answers nobody by itself, and a test message would cost a slot of ours: None.
        """
        if not self.card.number or device.number != self.card.number:
            return None
        if families_of(device.family) != BEIDOU_FAMILIES:
            return None
        line = self._line
        if line is None:
            away = self.trouble or "未连接 / not connected"
            return Probed(passed=False, method="signal_query", detail=away)
        self._told.clear()
        try:
            await line.write(self._dialect.ask_card() + self._dialect.ask_signal())
            async with asyncio.timeout(PROBE_WITHIN_S):
                await self._told.wait()
        except (LinkLost, TimeoutError):
            said = f"{PROBE_WITHIN_S:g} 秒内未报信号 / told no signal within {PROBE_WITHIN_S:g} s"
            return Probed(passed=False, method="signal_query", detail=said)
        ready = self.signal.ready and bool(self.card.number)
        return Probed(passed=ready, method="signal_query", detail=self.signal.words())

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
            self._inbox.put(replace(result, signals=rest))
        elif told:
            self._inbox.put(
                replace(result, sender=self.card.number, signals=(own_health(told, self.signal),))
            )
        if fixes:
            self._positions.put(replace(result, signals=fixes))

    async def _take_in(self, reading: Reading) -> None:
        for signal in reading.signals:
            if isinstance(signal, Receipt):
                await self._feedback(signal)
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

    async def _feedback(self, receipt: Receipt) -> None:
        """Take in what the machine said of our last message: taken is not delivered."""
        if receipt.ref not in (self._dialect.command, ""):  # "": whatever is in flight
            return
        now = self._clock.now()
        async with self._database.transaction() as tx:
            row = await deliveries.in_flight(tx, CHANNEL, self.wire_ref, None)
            if row is None:
                return
            if receipt.stage == "accepted":
                # The next part may leave when the card may, and not a second after somebody else's message.
                sent_at = row.submitted_at or now
                await delivery.accept_part(tx, row, self.card.freq + PACE_MARGIN - (now - sent_at), now)
                return
            wait = timedelta(seconds=receipt.retry_after_s) if receipt.retry_after_s else self.card.freq
            await delivery.report(tx, row, Outcome("fail", receipt.reason, wait + PACE_MARGIN), now)

    async def send_next(self) -> bool:
        """Send the next waiting message if cable, card and pace allow; False if nothing was sent."""
        line, now = self._line, self._clock.now()
        if line is None or not self.card.number:
            return False
        async with self._database.transaction() as tx:
            last = await deliveries.last_sent_at(tx, CHANNEL, self.wire_ref)
            if last is not None and now - last < self.card.freq + PACE_MARGIN:
                return False
            row = await deliveries.next_for_card(tx, CHANNEL, self._stream, now)
            if row is None:
                return False
            try:
                parts = segment(row.body, capacity_bits(self.card.level))
                if (row.wire_ref, row.part_count) != (self.wire_ref, len(parts)):
                    row.parts_sent = (
                        0  # begun with another card, cut in other places: once more from the start
                    )
                frame = self._dialect.send(
                    card_number(row.address, self._dialect.largest),
                    parts[min(row.parts_sent, len(parts) - 1)],
                )
            except (ValueError, OverflowError) as error:  # it would fail for ever, and all behind it with it
                log.error("beidou_message_unfit", delivery=row.id, address=row.address, error=str(error))
                await delivery.report(tx, row, Outcome("fail", "not_sendable"), now)
                return False
            await delivery.submit(tx, row, self.wire_ref, len(parts), now)
        # Committed: from here on the worst case is a message sent twice, never one lost.
        await line.write(frame)
        SENT.labels(CHANNEL).inc()
        return True


def drivers(rig: Rig) -> list[Driver]:
    """Return a driver for each serial line of the settings that leads to a Beidou machine."""
    links = parse_links(rig.settings.serial_links)
    return [BeidouMachine(link, rig) for link in links if link.family in DIALECTS]
