"""The driver of one repeater: a UDP port and a session for each service and slot (§2.1, §2.3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import structlog

from app.background import alongside
from app.devices.adapter import Garbage
from app.devices.adapters import hstrp
from app.devices.adapters.hdap import FAMILY
from app.devices.adapters.hstrp import Datagram
from app.devices.adapters.hytera import control
from app.devices.adapters.hytera.frame import RCP
from app.devices.driver import Probed
from app.devices.garbage import note_garbage
from app.devices.hytera.asking import Asking
from app.devices.hytera.links import RepeaterLink
from app.devices.hytera.own_row import OwnRow
from app.devices.hytera.radios import NewTexts, Radios
from app.devices.hytera.session import HstrpSession
from app.devices.metrics import LENIENT, LINK_ENDS, LINKS, READINGS, REFUSED
from app.devices.ports import Bench
from app.org.store import DeviceFact
from app.signals import Receipt

log = structlog.get_logger()
TICK_S = 0.25
OPEN_AGAIN_S = 5.0
MAX_UNDER_WAY = 4
"""Frames of ours on one port at most, so that none grows old while it waits."""


class Port(asyncio.DatagramProtocol):
    """One service on one slot. Errors of the network are the session's silence."""

    def __init__(self, repeater: Repeater, service: int, slot: int, number: int) -> None:
        self.repeater = repeater
        self.service, self.slot, self.number = service, slot, number
        self.session = HstrpSession()
        self.peer = (repeater.link.host, number)
        self.transport: asyncio.DatagramTransport | None = None
        self.starts = 0
        self.open_at = 0.0

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Take a datagram from the repeater; whoever else sends is not heard."""
        if addr[0] != self.peer[0] or self._is_echo(addr):
            REFUSED.labels(FAMILY, "stranger").inc()
            return
        self.peer = addr[0], addr[1]
        self.repeater.heard(self, data)

    def _is_echo(self, addr: tuple[str, int]) -> bool:
        """Whether a repeater on this very machine has the port that we greet: it is our own greeting."""
        return addr[1] == self.number and self.repeater.link.listen.startswith("127.")

    def error_received(self, exc: Exception) -> None:
        """Do nothing: nobody listens there, for now."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the socket is gone; it is opened again."""
        if self.transport is not None:
            self.transport = None
            LINKS.labels(FAMILY).dec()

    def flush(self) -> None:
        """Send what the session wants to send, tell what became of frames, subscribe after a start."""
        if self.starts != self.session.starts:
            self.starts = self.session.starts
            log.info("hytera_session_up", repeater=self.peer[0], service=self.service, slot=self.slot)
            if self.service == RCP:
                self.session.send(control.subscribe(), "", _now())
        for fate in self.session.fates():
            self.repeater.radios.told(fate.ref, taken=fate.taken)
        for datagram in self.session.to_send():
            if self.transport is not None and self.peer[1]:
                self.transport.sendto(datagram, self.peer)


class Repeater:
    """One repeater with its radios. It lives as long as the service, whatever the network does."""

    tells_twice = True

    def __init__(self, link: RepeaterLink, rig: Bench, new_texts: NewTexts) -> None:
        self.link = link
        self.name = f"hytera:{link.host}"
        self.ports = {
            (service, slot): Port(self, service, slot, number)
            for (service, slot), number in link.ports.items()
        }
        self._asking = Asking(link.habits, self)
        self._own_row = OwnRow(self.name, rig)
        self._texts = new_texts(self.name, link.habits, self)
        self.radios = Radios(self.name, link.habits, rig, self, self._receipt)

    @property
    def own_id(self) -> int:
        """The repeater's own radio id, told in the options of its datagrams; 0 before."""
        return next((port.session.device_id for port in self.ports.values() if port.session.device_id), 0)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Repeater]:
        """Serve the ports while the block lasts."""
        try:
            async with self.radios.inbox.running(), alongside(self._run()):
                yield self
        finally:
            await self.radios.close()
            for port in self.ports.values():
                if port.transport is not None:
                    port.transport.close()

    def health(self) -> dict[str, object]:
        """Return which ports are open and which sessions stand."""
        closed = sorted(port.number for port in self.ports.values() if port.transport is None)
        up = sum(port.session.connected for port in self.ports.values())
        return {
            "ok": up > 0 and not closed,
            "sessions": up,
            "ports_closed": closed,
            "repeater": self.own_id,
            "radios": self.radios.registered(),
            "trouble": "ports_closed" if closed else "" if up else "no_session",
        }

    def ready(self, service: int, slot: int) -> bool:
        """Whether a frame could leave by a slot at once."""
        port = self._port(service, slot)
        return port is not None and port.session.connected and port.session.waiting < MAX_UNDER_WAY

    def send(self, service: int, slot: int, frame: bytes, ref: str = "") -> bool:
        """Let a frame leave by a slot; its fate is told under `ref`."""
        port = self._port(service, slot)
        if port is None or not port.session.send(frame, ref, _now()):
            return False
        port.flush()
        return True

    async def send_waiting(self) -> None:
        """Send waiting texts, let silent radios go, note that the repeater itself is there."""
        self.radios.sweep()
        up = any(port.session.connected for port in self.ports.values())
        await self._own_row.note(self.own_id, _now(), up=up)
        await self._texts.send_waiting(self.radios)

    async def probe(self, device: DeviceFact) -> Probed | None:
        """Ask a radio where it is, or check it where that may be sent.

        A repeater answers no radio's question, whatever id it is entered under: whether it repeats is heard.
        """
        if device.kind == "repeater":
            return None
        return await self._asking.probe(device, self.radios)

    def heard(self, port: Port, data: bytes) -> None:
        """Take one datagram of the repeater in. It is acknowledged once what it says is committed."""
        outer = hstrp.parse(data)
        if isinstance(outer, Garbage):
            note_garbage(FAMILY, outer)
            return
        if port.session.heard(outer, _now()):
            self._message(port, outer, data)
        port.flush()

    def _message(self, port: Port, outer: Datagram, data: bytes) -> None:
        reading = hstrp.read(data, strict=self.link.habits.strict)
        if isinstance(reading, Garbage):
            note_garbage(FAMILY, reading)
            if reading.reason != "checksum":  # it would be no better the next time
                port.session.acknowledge(outer)
            return
        READINGS.labels(FAMILY, reading.kind).inc()
        if not reading.fields["hdap"]["checksum_ok"]:
            LENIENT.labels(FAMILY).inc()
        if reading.signals:
            self.radios.hear(reading, port.slot, partial(_stored, port, outer))
        else:
            port.session.acknowledge(outer)

    async def _receipt(self, receipt: Receipt) -> None:
        if not self._asking.hear(receipt):
            await self._texts.hear(receipt)

    def _port(self, service: int, slot: int) -> Port | None:
        return self.ports.get((service, slot)) or self.ports.get((service, 1))

    async def _run(self) -> None:
        while True:
            for port in self.ports.values():
                if port.transport is None:
                    await self._open(port)
                port.session.tick(_now())
                port.flush()
            await asyncio.sleep(TICK_S)

    async def _open(self, port: Port) -> None:
        """Open a port; one that is taken by somebody else is tried again."""
        if _now() < port.open_at:
            return
        port.open_at = _now() + OPEN_AGAIN_S
        loop = asyncio.get_running_loop()
        try:
            transport, _ = await loop.create_datagram_endpoint(
                lambda: port, local_addr=(self.link.listen, port.number)
            )
        except OSError as error:
            log.warning("hytera_port_not_open", port=port.number, error=str(error))
            LINK_ENDS.labels(FAMILY, "not_open").inc()
            return
        port.transport = transport
        port.number = transport.get_extra_info("sockname")[1]
        LINKS.labels(FAMILY).inc()


def _stored(port: Port, outer: Datagram) -> None:
    port.session.acknowledge(outer)
    port.flush()


def _now() -> float:
    return asyncio.get_running_loop().time()
