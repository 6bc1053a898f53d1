"""The driver of one mobile radio: all its services in HRNP packets on one line, or by UDP (§2.4)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import structlog

from app.background import alongside
from app.devices.adapter import Garbage
from app.devices.adapters import hrnp
from app.devices.adapters.hdap import FAMILY
from app.devices.adapters.hrnp import Packet, Packets
from app.devices.adapters.hytera import control
from app.devices.driver import Probed
from app.devices.garbage import note_garbage
from app.devices.hytera.asking import Asking
from app.devices.hytera.cable import HrnpSession
from app.devices.hytera.links import CableLink
from app.devices.hytera.radios import NewTexts, Radios
from app.devices.hytera.repeater import MAX_UNDER_WAY
from app.devices.hytera.wire import open_wire
from app.devices.links.serial import Line, LinkLost
from app.devices.metrics import LENIENT, LINK_ENDS, LINKS, READINGS
from app.devices.ports import Bench
from app.org.store import DeviceFact
from app.signals import Receipt

log = structlog.get_logger()
TICK_S = 0.25
IDLE_S = 1.0
ASK_EVERY_S = 30.0
BACKOFF_S = (0.5, 1.0, 2.0, 5.0, 10.0)
SLOT = 1
"""A mobile radio is tuned to one channel."""


class MobileRadio:
    """A mobile radio as the centre's window to the network. It lives as long as the service."""

    tells_twice = False

    def __init__(self, link: CableLink, rig: Bench, new_texts: NewTexts) -> None:
        self.link = link
        self.name = f"hytera:{link.line.url}"
        self.own_id = 0
        self.connected = False
        self._session = HrnpSession()
        self._starts = 0
        self._asked_at: float | None = None
        self._writable = asyncio.Event()
        self._asking = Asking(link.habits, self)
        self._texts = new_texts(self.name, link.habits, self)
        self.radios = Radios(self.name, link.habits, rig, self, self._receipt)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[MobileRadio]:
        """Keep the line open while the block lasts."""
        try:
            async with self.radios.inbox.running(), alongside(self._run()):
                yield self
        finally:
            await self.radios.close()

    def health(self) -> dict[str, object]:
        """Return the state of cable and radio."""
        return {
            "ok": self._session.connected,
            "connected": self.connected,
            "radio": self.own_id,
            "radios": self.radios.registered(),
            "trouble": "" if self._session.connected else "no_answer" if self.connected else "no_cable",
        }

    def ready(self, service: int, slot: int) -> bool:
        """Whether a frame could leave at once: every service shares the line."""
        return self._session.connected and self._session.waiting < MAX_UNDER_WAY

    def send(self, service: int, slot: int, frame: bytes, ref: str = "") -> bool:
        """Let a frame leave; its fate is told under `ref`."""
        sent = self._session.send(frame, ref, _now())
        self._writable.set()
        return sent

    async def send_waiting(self) -> None:
        """Send waiting texts, let silent radios go."""
        self.radios.sweep()
        await self._texts.send_waiting(self.radios)

    async def probe(self, device: DeviceFact) -> Probed | None:
        """Ask a radio where it is, or check it where that may be sent."""
        return await self._asking.probe(device, self.radios)

    async def _receipt(self, receipt: Receipt) -> None:
        if not self._asking.hear(receipt):
            await self._texts.hear(receipt)

    async def _run(self) -> None:
        attempt = 0
        while True:
            opened_at = _now()
            try:
                async with open_wire(self.link.line) as line:
                    await self._serve(line)
            except LinkLost as error:
                if attempt == 0:
                    log.warning("hytera_link_lost", url=self.link.line.url, error=str(error))
                LINK_ENDS.labels(FAMILY, "lost").inc()
            except Exception as error:  # a fault of ours: the radio must not fall silent for ever
                log.error("hytera_link_failed", url=self.link.line.url, error=repr(error), exc_info=error)
                LINK_ENDS.labels(FAMILY, "error").inc()
            if _now() - opened_at > BACKOFF_S[-1]:
                attempt = 0
            await asyncio.sleep(BACKOFF_S[min(attempt, len(BACKOFF_S) - 1)])
            attempt += 1

    async def _serve(self, line: Line) -> None:
        """Speak with the radio until the line breaks; a radio that was replugged is connected to anew."""
        self._session, self._starts = HrnpSession(), 0
        self.connected = True
        LINKS.labels(FAMILY).inc()
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._read(line))
                both.create_task(self._write(line))
        except* LinkLost as lost:
            raise LinkLost(str(lost.exceptions[0])) from lost
        finally:
            LINKS.labels(FAMILY).dec()
            self.connected = self._session.connected = False

    async def _read(self, line: Line) -> None:
        packets = Packets()
        while True:
            try:
                async with asyncio.timeout(IDLE_S):
                    found = packets.feed(await line.read())
            except TimeoutError:
                found = packets.feed(b"", last=True)
            for one in found:
                self._heard(one)
            self._writable.set()

    async def _write(self, line: Line) -> None:
        """Write what the session wants to send; let time pass for it when nothing happens."""
        while True:
            self._session.tick(_now())
            if self._starts != self._session.starts:
                self._starts = self._session.starts
                log.info("hytera_radio_connected", url=self.link.line.url)
                for question in (control.subscribe(), control.copy_messages()):
                    self._session.send(question, "", _now())
                self._asked_at = None
            self._ask_who()
            self._tell_fates()
            for packet in self._session.to_send():
                await line.write(packet)
            self._writable.clear()
            try:
                async with asyncio.timeout(TICK_S):
                    await self._writable.wait()
            except TimeoutError:
                continue

    def _ask_who(self) -> None:
        """Ask the radio for its id, now and then: one that was switched off takes nothing and is noticed."""
        due = self._asked_at is None or _now() - self._asked_at >= ASK_EVERY_S
        if due and self._session.send(control.own_id(), "", _now()):
            self._asked_at = _now()

    def _heard(self, one: Packet | Garbage) -> None:
        if isinstance(one, Garbage):
            note_garbage(FAMILY, one)
            return
        new = self._session.heard(one, _now())
        self._tell_fates()  # before what the radio says next: "accepted" comes before "delivered"
        if new:
            self._message(one)

    def _tell_fates(self) -> None:
        for fate in self._session.fates():
            self.radios.told(fate.ref, taken=fate.taken)

    def _message(self, packet: Packet) -> None:
        reading = hrnp.read(packet, strict=self.link.habits.strict)
        if isinstance(reading, Garbage):
            note_garbage(FAMILY, reading)
            self._stored(packet)  # the packet was whole: it would be no better the next time
            return
        READINGS.labels(FAMILY, reading.kind).inc()
        inner = reading.fields["hdap"]
        if not inner["checksum_ok"]:
            LENIENT.labels(FAMILY).inc()
        if reading.kind == "id_ip_reply" and inner["what"] == 0 and inner["result"] == 0:
            self.own_id = int(inner["value"])
        if reading.signals:
            self.radios.hear(reading, SLOT, partial(self._stored, packet))
        else:
            self._stored(packet)

    def _stored(self, packet: Packet) -> None:
        self._session.acknowledge(packet.number)
        self._writable.set()


def _now() -> float:
    return asyncio.get_running_loop().time()
