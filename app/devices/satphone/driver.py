"""The centre's satellite phone on its cable: texts both ways, calls, signal."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from app.background import alongside
from app.devices.adapter import Reading
from app.devices.adapters.at_calls import call_news
from app.devices.adapters.at_words import Answer, Unasked
from app.devices.adapters.sms_pdu_message import BadPdu, Message, read_pdu
from app.devices.driver import Driver, Probed, Rig
from app.devices.inbox import passing
from app.devices.links.keep import keep_open
from app.devices.links.serial import Line, LinkLost, SerialLink, parse_links
from app.devices.modem import Modem, until_one_ends
from app.devices.ports import Bench
from app.devices.satphone.inbox import SmsInbox
from app.devices.satphone.numbers import FAMILY, national, spellings
from app.devices.satphone.outbox import SmsOutbox
from app.devices.satphone.probe import Probes
from app.devices.satphone.setup import NotReady, Plate, registered, set_up, signal_pct
from app.devices.satphone.voice import Voice
from app.org.store import DeviceFact
from app.signals import Health, Ring, Signal

log = structlog.get_logger()
LOOK_EVERY_S = 0.5
POLL_EVERY = timedelta(seconds=30)


class Outgoing(Protocol):
    """Who sends texts by one phone."""

    async def send_next(self, modem: Modem) -> bool:
        """Send the next part that waits; False if there was none. Raises LinkLost."""
        ...

    async def reported(self, message: Message) -> None:
        """Let a status report move the text it belongs to."""
        ...


NewTexts = Callable[[str], Outgoing]
"""Makes the outgoing texts of a phone from its driver's name."""


class SatellitePhone:
    """The driver of one phone. It lives as long as the service, whatever its cable does."""

    def __init__(self, link: SerialLink, bench: Bench, new_texts: NewTexts, country: str) -> None:
        self.link = link
        self.name = f"{FAMILY}:{link.url}"
        self.plate: Plate | None = None
        self.voice = Voice(self.name, bench.clock)
        self.registered: bool | None = None
        self.signal_pct: float | None = None
        self._bench = bench
        self._country = country
        self._outbox = new_texts(self.name)
        self._probes = Probes(self._country)
        self._inbox = SmsInbox(bench, self.name, self._reported, country=self._country)
        self._own: DeviceFact | None = None
        self._trouble = "no_cable"
        self._wake = asyncio.Event()
        self._wanted = False  # a look at what waits to be sent
        self._places: deque[int] = deque(maxlen=100)
        self._reports: deque[Message] = deque(maxlen=1000)
        self._polled_at: datetime | None = None
        self._listed_at: datetime | None = None

    @property
    def connected(self) -> bool:
        """Whether the phone is there and has been set up."""
        return self.plate is not None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[SatellitePhone]:
        """Keep the line open while the block lasts."""
        async with (
            self._inbox.direct.running(),
            alongside(keep_open(self.link, self._bench.clock, self._serve)),
        ):
            yield self

    def health(self) -> dict[str, object]:
        """Return the state of cable, phone, network and call."""
        plate = self.plate or Plate()
        return {
            "ok": self.connected and self.registered is not False,
            "connected": self.connected,
            "trouble": self._trouble,
            "model": plate.model,
            "number": plate.number,
            "registered": self.registered,
            "signal_pct": self.signal_pct,
        }

    async def send_waiting(self) -> None:
        """Let the phone's own task send what waits: a text may take minutes, others need not wait for it."""
        self._wanted = True
        self._wake.set()

    async def probe(self, device: DeviceFact) -> Probed | None:
        """Ask our own phone for signal and network; send any other satellite phone a text with receipt."""
        if device.family != FAMILY or not self.connected:
            return None
        if self._own is not None and device.id == self._own.id:
            self._polled_at = None
            return await self._probes.of_signal(self._wake, lambda: self._polled_at, self.health)
        return await self._probes.of_far_phone(self._wake, device.number)

    async def _serve(self, line: Line) -> None:
        modem = Modem(FAMILY, line, self._bench.clock, self._hear)
        try:
            await until_one_ends(modem.run(), self._work(modem))
        finally:
            self.plate, self._trouble = None, "no_cable"
            self._ring(self.voice.lost())

    def _hear(self, word: Unasked) -> None:
        """Note what the phone says by itself; whatever takes time is left to the work."""
        if news := call_news(word.line, (self.plate or Plate()).call_states):
            self._ring(self.voice.take(news))
        elif word.name == "^SIMST":  # it has started, or its card was changed: everything is to be set again
            self.plate, self._trouble = None, "starting" if word.line.endswith("1") else "no_sim"
            self._polled_at = None
        elif word.name == "+CREG":
            self._polled_at = None
        elif word.name == "+CMT":
            self._inbox.heard(word.pdu)
        elif word.name == "+CDS":
            with suppress(BadPdu):
                self._reports.append(read_pdu(bytes.fromhex(word.pdu)))
        elif word.name in ("+CMTI", "+CDSI"):
            place = word.line.rpartition(",")[2].strip()
            if place.isdecimal() and len(place) <= 5:
                self._places.append(int(place))
        self._wake.set()

    async def _work(self, modem: Modem) -> None:
        self._polled_at = self._listed_at = None
        while True:
            self._wake.clear()
            try:
                if await self._ready(modem):
                    await self._round(modem)
            except LinkLost:
                raise
            except Exception as error:
                if not passing(error):
                    raise
                log.warning("satphone_waits_for_database", phone=self.name, error=repr(error))
                self._listed_at = None  # what is on the SIM is looked at again
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._wake.wait()

    async def _ready(self, modem: Modem) -> bool:
        """Set the phone up if that is to be done; one that is not ready is asked again every half minute."""
        if self.plate is not None:
            return True
        now = self._bench.clock.now()
        if self._polled_at is not None and now - self._polled_at < POLL_EVERY:
            return False
        self._polled_at = now
        try:
            plate = await set_up(modem)
        except NotReady as reason:
            self._trouble = str(reason)
            log.warning("satphone_not_ready", phone=self.name, reason=self._trouble)
            return False
        self._own = await self._register_own(plate)
        self.plate, self._trouble = plate, ""
        self._polled_at = self._listed_at = None
        log.info("satphone_ready", phone=self.name, model=plate.model, number=plate.number)
        return True

    async def _round(self, modem: Modem) -> None:
        """Do what is due, the most urgent first: what was heard, then calls, then what is to be sent."""
        while self._places:
            await self._inbox.fetch(modem, self._places[0])
            self._places.popleft()
        while self._reports:
            await self._reported(self._reports[0])
            self._reports.popleft()
        self._ring(await self.voice.work(modem, self.plate or Plate()))
        await self._look(modem)
        await self._probes.send_next(modem)
        if self._wanted and self.registered is not False:
            self._wanted = await self._outbox.send_next(modem)
            if self._wanted:
                self._wake.set()

    async def _look(self, modem: Modem) -> None:
        """Look every half minute at what nobody told us: the SIM, the signal."""
        now = self._bench.clock.now()
        if self._listed_at is None or now - self._listed_at >= POLL_EVERY:
            self._listed_at = now
            await self._inbox.fetch_all(modem)
            self._inbox.heard_in_part()
        if self._polled_at is None or now - self._polled_at >= POLL_EVERY:
            await self._look_at_signal(modem)
            self._polled_at = now

    async def _look_at_signal(self, modem: Modem) -> None:
        signal, network = await modem.ask("AT+CSQ"), await modem.ask("AT+CREG?")
        self.signal_pct = signal_pct(signal.value()) if signal.ok else None
        self.registered = registered(network.value()) if network.ok else None
        facts: list[tuple[str, float | int | str]] = [("signal_pct", self.signal_pct or 0.0)]
        if self.plate and self.plate.firmware:
            facts.append(("firmware", self.plate.firmware))
        if self._own is not None:
            await self._bench.pump.hear(self._own, self._said(signal, Health(tuple(facts))), self.name)

    def _said(self, answer: Answer, signal: Signal) -> Reading:
        raw = "\n".join(answer.lines).encode("ascii", "replace")
        number = self._own.number if self._own else ""
        return Reading(FAMILY, "+CSQ", number, {}, raw, (signal,))

    async def _reported(self, message: Message) -> None:
        if not self._probes.reported(message):
            await self._outbox.reported(message)

    def _ring(self, rings: list[Ring]) -> None:
        for ring in rings:
            told = replace(ring, number=national(ring.number, self._country))
            log.info("satphone_call", phone=self.name, number=told.number, stage=told.stage)
            if self._own is not None:
                raw = f"{told.stage} {ring.number}".encode("ascii", "replace")
                self._inbox.direct.put(Reading(FAMILY, "call", self._own.number, {}, raw, (told,)))

    async def _register_own(self, plate: Plate) -> DeviceFact | None:
        """Find our own phone in the register; another is admitted by its number, IMEI or port."""
        ways = spellings(plate.number, self._country)
        for number in ways:
            if found := await self._bench.register.find(FAMILY, number):
                return found
        number = ways[-1] if ways else plate.imei or self.link.url
        return await self._bench.register.admit(FAMILY, number, b"", f"中心卫星电话 {number}")


def drivers(rig: Rig) -> list[Driver]:
    """Return a driver for each serial line of the settings that leads to a satellite phone."""
    links = parse_links(rig.settings.serial_links)
    return [phone_on(link, rig) for link in links if link.family == FAMILY]


def phone_on(link: SerialLink, rig: Rig) -> SatellitePhone:
    """Return the driver of the centre's phone on a cable: its texts wait in the database."""
    country = rig.settings.satphone_country
    return SatellitePhone(link, rig, lambda name: SmsOutbox(rig, name, country=country), country)
