"""An Iridium SBD modem on its cable: short data both ways, session by session."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import structlog

from app.background import alongside
from app.devices.adapter import Garbage, Reading
from app.devices.adapters.at_words import Command, Unasked
from app.devices.adapters.payload import sanitise
from app.devices.adapters.sbd import FAMILY, content_of, line_fields
from app.devices.driver import Driver, Probed, Rig
from app.devices.garbage import note_garbage
from app.devices.inbox import passing
from app.devices.links.keep import keep_open
from app.devices.links.serial import Line, LinkLost, SerialLink, parse_links
from app.devices.metrics import READINGS
from app.devices.modem import Modem, until_one_ends
from app.devices.ports import Bench
from app.devices.sbd.outbox import NewTexts, SbdOutbox, text_signal_of, write
from app.org.store import DeviceFact
from app.signals import Health

log = structlog.get_logger()
LOOK_EVERY_S = 0.5
SIGNAL_EVERY = timedelta(seconds=30)
SIGNAL_WHEN_WAITING = timedelta(seconds=10)
MAILBOX_EVERY = timedelta(hours=1)
PAUSES_S = (5, 5, 30, 30, 300)
"""After the first, second, … session in a row that failed."""

PROBE_WITHIN_S = 30.0
READ_TRIES = 3
_IMEI = re.compile(r"[0-9]{15}")
_SENDER = re.compile(r"@([0-9]{15}) ")
SETUP = ("AT", "ATE0", "AT&K0", "AT+SBDMTA=1")


class SbdModem:
    """The driver of one modem. It lives as long as the service, whatever its cable does."""

    def __init__(self, link: SerialLink, bench: Bench, new_texts: NewTexts) -> None:
        self.link = link
        self.name = f"{FAMILY}:{link.url}"
        self.imei = ""
        self.bars: int | None = None
        self.failures = 0
        self._bench = bench
        self._outbox = new_texts(self.name)
        self._own: DeviceFact | None = None
        self._wake = asyncio.Event()
        self._wanted = False
        self._called = False  # the network says that a message waits (SBDRING)
        self._mailbox_at: datetime | None = None
        self._signal_at: datetime | None = None
        self._not_before: datetime | None = None
        self._misread = 0
        self._unread = False  # the modem holds a message that is not stored yet

    @asynccontextmanager
    async def running(self) -> AsyncIterator[SbdModem]:
        """Keep the line open while the block lasts."""
        async with alongside(keep_open(self.link, self._bench.clock, self._serve)):
            yield self

    def health(self) -> dict[str, object]:
        """Return the state of cable, signal and the last sessions."""
        return {
            "ok": bool(self.imei) and self.failures < len(PAUSES_S),
            "connected": bool(self.imei),
            "imei": self.imei,
            "bars": self.bars,
            "failures": self.failures,
            "trouble": "no_modem"
            if not self.imei
            else "no_session"
            if self.failures >= len(PAUSES_S)
            else "",
        }

    async def send_waiting(self) -> None:
        """Let the modem's own task send what waits: a session takes a minute or more."""
        self._wanted = True
        self._wake.set()

    async def probe(self, device: DeviceFact) -> Probed | None:
        """Ask our own modem for the signal; far modems answer nobody by themselves."""
        if self._own is None or device.id != self._own.id or not self.imei:
            return None
        self._signal_at = None
        self._wake.set()
        try:
            async with asyncio.timeout(PROBE_WITHIN_S):
                while self._signal_at is None:  # noqa: ASYNC110 - the modem's task asks in its turn
                    await asyncio.sleep(0.1)
        except TimeoutError:
            return Probed(passed=False, method="signal_query", detail="no_answer")
        return Probed(passed=bool(self.bars), method="signal_query", detail=f"bars={self.bars}")

    async def _serve(self, line: Line) -> None:
        modem = Modem(FAMILY, line, self._bench.clock, self._hear)
        try:
            await until_one_ends(modem.run(), self._work(modem))
        finally:
            self.imei = ""

    def _hear(self, word: Unasked) -> None:
        if word.line == "SBDRING":
            self._called = True
        self._wake.set()

    async def _work(self, modem: Modem) -> None:
        await self._set_up(modem)
        while True:
            self._wake.clear()
            try:
                await self._round(modem)
            except LinkLost:
                raise
            except Exception as error:
                if not passing(error):
                    raise
                log.warning("sbd_waits_for_database", modem=self.name, error=repr(error))
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._wake.wait()

    async def _set_up(self, modem: Modem) -> None:
        """Make the modem ready. What it still holds of a session before is read before the next one."""
        for text in SETUP:
            await modem.ask(text)
        imei = _IMEI.search((await modem.ask(Command("AT+CGSN", bare=True))).value())
        firmware = (await modem.ask(Command("AT+CGMR", bare=True))).value()
        status = _fields((await modem.ask("AT+SBDSX")).lines)
        self._unread = bool(status.get("mt_flag"))
        self._called = bool(status.get("ring_alert"))
        self._own = await self._register_own(imei[0] if imei else self.link.url)
        self.imei = imei[0] if imei else self.link.url
        self._signal_at = self._not_before = None
        if self._own is not None and firmware:
            await self._tell_health(self._own, ("firmware", firmware[:60]))
        log.info("sbd_ready", modem=self.name, imei=self.imei)

    async def _round(self, modem: Modem) -> None:
        now = self._bench.clock.now()
        if self._unread:
            await self._read(modem)
        if self._unread:  # the next session would put another message in its place
            self._wake.set()
            return
        wanted = self._wanted or self._called
        every = SIGNAL_WHEN_WAITING if wanted and not self.bars else SIGNAL_EVERY
        if self._signal_at is None or now - self._signal_at >= every:
            await self._look_at_signal(modem)
        if self.bars == 0 or (self._not_before is not None and now < self._not_before):
            return
        due = self._called or self._mailbox_at is None or now - self._mailbox_at >= MAILBOX_EVERY
        sending = await self._outbox.claim() if self._wanted else None
        self._wanted = sending is not None
        if sending is not None and not await write(modem, sending, self._outbox):
            return
        if sending is not None or due:
            await self._session(modem, sending is not None)

    async def _session(self, modem: Modem, sending: bool) -> None:  # noqa: FBT001 - private, two kinds
        """Meet the network once: what was written goes up, at most one message comes down."""
        now = self._bench.clock.now()
        if not sending:
            await modem.ask("AT+SBDD0")
        try:
            answer = await modem.ask("AT+SBDIXA" if self._called else "AT+SBDIX")
        except LinkLost:
            await self._outbox.settle({}, "link_lost", timedelta(seconds=PAUSES_S[0]))
            raise
        told = _fields(answer.lines)
        good = bool(told.get("mo_ok"))
        self.failures = 0 if good else self.failures + 1
        pause = timedelta(
            seconds=told.get("retry_after_s") or PAUSES_S[min(self.failures, len(PAUSES_S)) - 1]
        )
        self._not_before = None if good else now + pause
        self._unread = told.get("mt") == "received"
        if good:
            self._mailbox_at = now
            self._called = bool(told.get("mt_queued"))
            await modem.ask("AT+SBDD0")
        if sending:
            await self._outbox.settle(told, _reason(told), pause)
        if self._unread:
            await self._read(modem)
        self._wake.set()

    async def _read(self, modem: Modem) -> None:
        """Read the message the modem holds, store it, and only then let the modem forget it."""
        answer = await modem.ask(Command("AT+SBDRB", binary=True))
        content = content_of(answer.frame)
        if content is None:
            note_garbage(FAMILY, Garbage(answer.frame, "checksum"))
            self._misread += 1
            if answer.ok and self._misread < READ_TRIES:
                return
            log.error("sbd_unreadable", modem=self.name, raw_hex=answer.frame.hex())
        self._misread = 0
        if content and self._own is not None:
            await self._take_in(self._own, content, answer.frame)
        elif content:  # a modem whose number could not be read: nobody would know whose words they are
            log.error("reading_lost", raw_hex=answer.frame.hex(), reason="no_number")
        await modem.ask("AT+SBDD1")
        self._unread = False

    async def _take_in(self, own: DeviceFact, content: bytes, frame: bytes) -> None:
        """Hear what came. Iridium names no sender: a message may begin with `@<IMEI> ` (docs/devices)."""
        words = sanitise(content.decode("utf-8", "replace"))
        device = own
        if match := _SENDER.match(words):
            known = await self._bench.register.find(FAMILY, match[1])
            device, words = (known, words[match.end() :]) if known else (own, words)
        READINGS.labels(FAMILY, "SBDRB").inc()
        signal = text_signal_of(device.number, words, content)
        fields = {"payload_hex": content.hex(), "text": words}
        reading = Reading(FAMILY, "SBDRB", device.number, fields, frame, (signal,))
        try:
            await self._bench.pump.hear(device, reading, self.name)
        except Exception as error:
            if passing(error):
                raise
            log.error("reading_lost", raw_hex=frame.hex(), error=repr(error), exc_info=error)

    async def _look_at_signal(self, modem: Modem) -> None:
        answer = await modem.ask("AT+CSQF")
        told = _fields(answer.lines)
        self.bars = told.get("bars") if answer.ok else None
        self._signal_at = self._bench.clock.now()
        if self._own is not None and self.bars is not None:
            await self._tell_health(self._own, ("signal_pct", 20.0 * self.bars))

    async def _tell_health(self, own: DeviceFact, fact: tuple[str, float | int | str]) -> None:
        reading = Reading(FAMILY, "health", own.number, {}, b"", (Health((fact,)),))
        await self._bench.pump.hear(own, reading, self.name)

    async def _register_own(self, number: str) -> DeviceFact | None:
        found = await self._bench.register.find(FAMILY, number)
        return found or await self._bench.register.admit(FAMILY, number, b"", f"中心铱星终端 {number}")


def _fields(lines: tuple[str, ...]) -> dict[str, Any]:
    return next((told for line in lines if (told := line_fields(line))), {})


def _reason(told: dict[str, Any]) -> str:
    if not told:
        return "no_feedback"
    return {32: "no_network", 35: "modem_busy", 36: "try_later"}.get(
        told["mo_status"], f"status_{told['mo_status']}"
    )


def drivers(rig: Rig) -> list[Driver]:
    """Return a driver for each serial line of the settings that leads to an SBD modem."""
    links = parse_links(rig.settings.serial_links)
    return [modem_on(link, rig) for link in links if link.family == FAMILY]


def modem_on(link: SerialLink, rig: Rig) -> SbdModem:
    """Return the driver of the centre's modem on a cable: its texts wait in the database."""
    return SbdModem(link, rig, lambda name: SbdOutbox(rig, name))
