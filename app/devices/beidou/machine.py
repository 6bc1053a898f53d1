"""One Beidou command machine: asks for its card, hears everybody, sends one message at a time in its pace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import structlog

from app.background import alongside
from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.actions import Outcome
from app.devices.adapter import Reading
from app.devices.adapters.payload import capacity_bits, segment
from app.devices.beidou.cable import Cable
from app.devices.beidou.dialects import DIALECTS, Card, Signal, card_number, own_health
from app.devices.driver import Driver, Probed, Rig
from app.devices.inbox import Inbox
from app.devices.links.serial import LinkLost, SerialLink, parse_links
from app.devices.metrics import SENT
from app.devices.register import BEIDOU_FAMILIES, families_of
from app.org.store import DeviceFact
from app.signals import Distress, Fix, Health, Receipt, Text

log = structlog.get_logger()
CHANNEL = "beidou"
PROBE_WITHIN_S = 15.0


class BeidouMachine:
    """The driver of one machine. It lives as long as the service, whatever its cable does."""

    def __init__(self, link: SerialLink, rig: Rig) -> None:
        self.link = link
        self.name = f"{CHANNEL}:{link.url}"
        self.cable = Cable(link, rig.clock, self._hear)
        self._database = rig.database
        self._register = rig.register
        self._pump = rig.pump
        self._clock = rig.clock
        self._stream = rig.stream
        self._inbox = Inbox(self._take_in)
        self._positions = Inbox(self._take_in_position)

    @property
    def card(self) -> Card:
        """The card in the machine."""
        return self.cable.card

    @property
    def signal(self) -> Signal:
        """The signal as told last."""
        return self.cable.signal

    @property
    def connected(self) -> bool:
        """Whether the line is open."""
        return self.cable.line is not None

    @property
    def trouble(self) -> str:
        """Why the line is not open."""
        return self.cable.trouble

    @property
    def wire_ref(self) -> str:
        """What a message in flight through this machine is known by: one at a time."""
        return f"{self.link.url}:{self.cable.dialect.command}"

    def health(self) -> dict[str, object]:
        """Return the state of cable and card."""
        return {
            "ok": self.cable.ready,
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
        if not self.connected:
            away = self.trouble or "未连接 / not connected"
            return Probed(passed=False, method="signal_query", detail=away)
        try:
            await self.cable.ask()
            async with asyncio.timeout(PROBE_WITHIN_S):
                await self.cable.told.wait()
        except (LinkLost, TimeoutError):
            said = f"{PROBE_WITHIN_S:g} 秒内未报信号 / told no signal within {PROBE_WITHIN_S:g} s"
            return Probed(passed=False, method="signal_query", detail=said)
        ready = self.signal.ready and bool(self.card.number)
        return Probed(passed=ready, method="signal_query", detail=self.signal.words())

    async def run(self) -> None:
        """Keep the line open and take in what is heard, for ever."""
        async with self._inbox.running(), self._positions.running():
            await self.cable.run()

    def _hear(self, result: Reading) -> None:
        """Let a reading wait for the database: RDSS repeats nothing."""
        told = [signal for signal in result.signals if isinstance(signal, Health)]
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

    async def _feedback(self, receipt: Receipt) -> None:
        """Take in what the machine said of our last message: taken is not delivered."""
        if receipt.ref not in (self.cable.dialect.command, ""):  # "": whatever is in flight
            return
        now = self._clock.now()
        async with self._database.transaction() as tx:
            row = await deliveries.in_flight(tx, CHANNEL, self.wire_ref, None)
            if row is None:
                return
            if receipt.stage == "accepted":
                # The next part may leave when the card may, and not a second after somebody else's message.
                sent_at = row.submitted_at or now
                await delivery.accept_part(tx, row, self.card.pace - (now - sent_at), now)
                return
            wait = self.card.wait_after(receipt)
            await delivery.report(tx, row, Outcome("fail", receipt.reason, wait), now)

    async def send_next(self) -> bool:
        """Send the next waiting message if cable, card and pace allow; False if nothing was sent."""
        line, now = self.cable.line, self._clock.now()
        if line is None or not self.card.number:
            return False
        async with self._database.transaction() as tx:
            last = await deliveries.last_sent_at(tx, CHANNEL, self.wire_ref)
            if not self.card.may_send(last, now):
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
                frame = self.cable.dialect.send(
                    card_number(row.address, self.cable.dialect.largest),
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
