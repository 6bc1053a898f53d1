"""Drones over MAVLink: heard on a UDP port and on serial telemetry radios. Nothing is ever sent to one."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from app.background import alongside
from app.devices.adapter import Codec, Garbage, Reading
from app.devices.adapters.mavlink import FAMILY, MavlinkCodec
from app.devices.adapters.mavlink.meaning import device_time
from app.devices.driver import Driver, Probed, Rig
from app.devices.drones.intake import DroneIntake
from app.devices.drones.settings import parse_udp
from app.devices.garbage import note_garbage
from app.devices.inbox import Inbox
from app.devices.links.keep import keep_open
from app.devices.links.serial import Line, SerialLink, parse_links
from app.org.store import DeviceFact

log = structlog.get_logger()
MAX_PEERS = 64
IDLE_S = 1.0
OPEN_AGAIN_S = 5.0


class _Ears:
    """What a port and a cable share: bytes are cut, good frames wait their turn for the database."""

    def __init__(self, rig: Rig, name: str) -> None:
        self.name = name
        self.frames = self.garbage = 0
        self._intake = DroneIntake(rig, FAMILY)
        self._inbox = Inbox(self._take_in)

    def cut(self, codec: Codec, data: bytes, *, whole: bool) -> None:
        """Read bytes; `whole`: nothing of what they begin comes later."""
        for found in (*codec.feed(data), *(codec.idle() if whole else ())):
            self.put(found)

    def put(self, found: Reading | Garbage) -> None:
        """Let a good frame wait its turn, count what is none."""
        if isinstance(found, Garbage):
            self.garbage += 1
            note_garbage(FAMILY, found)
            return
        self.frames += 1
        if found.signals or found.kind == "SYSTEM_TIME":
            self._inbox.put(found)

    async def _take_in(self, reading: Reading) -> None:
        position = reading.kind == "GLOBAL_POSITION_INT"
        await self._intake.hear(
            reading,
            self.name,
            at_ms=int(reading.fields["time_boot_ms"]) if position else None,
            told_time=device_time(reading.fields) if reading.kind == "SYSTEM_TIME" else None,
        )

    async def send_waiting(self) -> None:
        """Send nothing: a drone is flown by its pilot."""

    async def probe(self, _device: DeviceFact) -> Probed | None:
        """Return None: a drone is heard, not asked."""
        return None


class MavlinkPort(_Ears, asyncio.DatagramProtocol):
    """A UDP port to which autopilots, radios or a router send."""

    def __init__(self, rig: Rig, host: str, port: int) -> None:
        super().__init__(rig, f"{FAMILY}:{host}:{port}")
        self._place = (host, port)
        self._transport: asyncio.DatagramTransport | None = None
        self._peers: OrderedDict[tuple[str, int], Codec] = OrderedDict()

    @property
    def port(self) -> int:
        """Where it listens; the system's choice where 0 was asked for."""
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    @asynccontextmanager
    async def running(self) -> AsyncIterator[MavlinkPort]:
        """Listen while the block lasts; a port that is taken is tried again."""
        async with self._inbox.running(), alongside(self._keep_open()):
            try:
                yield self
            finally:
                if self._transport is not None:
                    self._transport.close()

    def health(self) -> dict[str, object]:
        """Return whether the port is open, and what came."""
        there = self._transport is not None and not self._transport.is_closing()
        return {
            "ok": there,
            "frames": self.frames,
            "garbage": self.garbage,
            "peers": len(self._peers),
            "trouble": "" if there else "ports_closed",
        }

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Read a datagram: frames do not go across two of them."""
        codec = self._peers.setdefault(addr, MavlinkCodec())
        self._peers.move_to_end(addr)
        while len(self._peers) > MAX_PEERS:
            self._peers.popitem(last=False)
        self.cut(codec, data, whole=True)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the port, so that it is opened again."""
        self._transport = None

    async def _keep_open(self) -> None:
        first = True
        while True:
            if self._transport is None:
                try:
                    self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                        lambda: self, local_addr=self._place
                    )
                    log.info("mavlink_listens", place=self.name)
                except OSError as error:
                    if first:
                        log.error("mavlink_port_taken", place=self.name, error=str(error))
                    first = False
            await asyncio.sleep(OPEN_AGAIN_S)


class MavlinkCable(_Ears):
    """A telemetry radio on a serial line."""

    def __init__(self, rig: Rig, link: SerialLink) -> None:
        super().__init__(rig, f"{FAMILY}:{link.url}")
        self._link = link
        self._clock = rig.clock
        self._connected = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[MavlinkCable]:
        """Keep the line open while the block lasts."""
        async with self._inbox.running(), alongside(keep_open(self._link, self._clock, self._serve)):
            yield self

    def health(self) -> dict[str, object]:
        """Return whether the line is open, and what came."""
        return {
            "ok": self._connected,
            "connected": self._connected,
            "frames": self.frames,
            "garbage": self.garbage,
            "trouble": "" if self._connected else "no_cable",
        }

    async def _serve(self, line: Line) -> None:
        codec = MavlinkCodec()
        self._connected = True
        try:
            while True:
                try:
                    async with asyncio.timeout(IDLE_S):
                        data = await line.read()
                except TimeoutError:
                    self.cut(codec, b"", whole=True)
                    continue
                self.cut(codec, data, whole=False)
        finally:
            self._connected = False


def drivers(rig: Rig) -> list[Driver]:
    """Return a driver for the UDP port and for each serial line of the settings. Raises ValueError."""
    found: list[Driver] = []
    if (place := parse_udp(rig.settings.mavlink_udp)) is not None:
        found.append(MavlinkPort(rig, *place))
    links = parse_links(rig.settings.serial_links)
    found.extend(MavlinkCable(rig, link) for link in links if link.family == FAMILY)
    return found
