"""One Beidou command machine: asks for its card, hears everybody, sends one message at a time in its pace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import structlog

from app.background import alongside
from app.devices.adapter import Reading
from app.devices.beidou.cable import Cable
from app.devices.beidou.dialects import DIALECTS, Card, Signal, own_health
from app.devices.beidou.outbox import CHANNEL, Outbox
from app.devices.beidou.probes import of_own_card
from app.devices.driver import Driver, Probed, Rig
from app.devices.inbox import Inbox
from app.devices.links.serial import SerialLink, parse_links
from app.devices.register import BEIDOU_FAMILIES, families_of
from app.org.store import DeviceFact
from app.signals import Distress, Fix, Health, Receipt, Text

log = structlog.get_logger()


class BeidouMachine:
    """The driver of one machine. It lives as long as the service, whatever its cable does."""

    def __init__(self, link: SerialLink, rig: Rig) -> None:
        self.link = link
        self.name = f"{CHANNEL}:{link.url}"
        self.cable = Cable(link, rig.clock, self._hear)
        self._register = rig.register
        self._pump = rig.pump
        self._clock = rig.clock
        self._inbox = Inbox(self._take_in)
        self._outbox = Outbox(link, rig)
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
        return self._outbox.wire_ref

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

    async def send_next(self) -> bool:
        """Send the next waiting message if cable, card and pace allow; False if nothing was sent."""
        return await self._outbox.send_next(self.cable.line, self.card)

    async def probe(self, device: DeviceFact) -> Probed | None:
        """Ask the machine for its card and signal, if it is this machine's own card.

        A card out there answers nobody by itself, and a test message costs a slot of ours: see call_holder.
        """
        if not self._is_card(device) or device.number != self.card.number:
            return None
        if not self.connected:
            away = self.trouble or "未连接 / not connected"
            return Probed(passed=False, method="signal_query", detail=away)
        return await of_own_card(
            self.cable.ask,
            self.cable.told,
            lambda: (self.signal.ready and bool(self.card.number), self.signal.words()),
        )

    async def call_holder(self, device: DeviceFact) -> Probed | None:
        """Send a card out there a test message, in a slot that no order wants; its next word is the receipt.

        None when this machine cannot. Raises NotAsked.
        """
        if not self._is_card(device) or device.number == self.card.number or not self.connected:
            return None
        return await self._outbox.calls.make(device.number)

    def _is_card(self, device: DeviceFact) -> bool:
        return bool(self.card.number) and families_of(device.family) == BEIDOU_FAMILIES

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


def drivers(rig: Rig) -> list[Driver]:
    """Return a driver for each serial line of the settings that leads to a Beidou machine."""
    links = parse_links(rig.settings.serial_links)
    return [BeidouMachine(link, rig) for link in links if link.family in DIALECTS]
