"""A Hytera repeater with its radios on UDP, as the service meets them on the network of the centre."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from app.simulators.hytera_air import LP, NUL_GPS, RCP, RRS, TMP, Asked, address, gps, hdap
from app.simulators.hytera_port import Faults, Port

HEARTBEAT_S = 6.0
RESEND_S = 1.0
REPEATER_ID = 99_999
STANDARD_PORTS: Mapping[tuple[int, int], int] = {
    (RRS, 1): 30001, (RRS, 2): 30002, (LP, 1): 30003, (LP, 2): 30004,
    (TMP, 1): 30007, (TMP, 2): 30008, (RCP, 1): 30009, (RCP, 2): 30010,
}  # fmt: skip
_KEPT = 10_000


@dataclass
class Radio:
    """A handheld: where it is, whom it belongs to, what it was told. `mute` answers nothing any more."""

    number: int
    where: Callable[[], tuple[float, float]] = lambda: (115.441, 28.1123)
    group: int = 101
    slot: int = 1
    mute: bool = False
    nul_gps: bool = False
    result: int = 0  # what it answers texts with; 8: no answer from the radio
    read: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT))
    renew_s: int = 0  # as the centre told it; 0: not registered


class RepeaterMachine:
    """A repeater. Use it as `async with RepeaterMachine(ports) as machine:`; `ports` are the centre's.

    Radios are put into `radios` (see `add`); what goes wrong is set in `faults`. `spoken` holds each text
    that the centre sent: to whom, and the words; `on_text` is told too, so that crews can answer.
    """

    def __init__(
        self,
        ports: Mapping[tuple[int, int], int] = STANDARD_PORTS,
        *,
        centre: str = "127.0.0.1",
        host: str = "127.0.0.1",
        own_ports: Mapping[tuple[int, int], int] | None = None,
        number: int = REPEATER_ID,
        heartbeat_s: float = HEARTBEAT_S,
        resend_s: float = RESEND_S,
        on_text: Callable[[Radio, str], None] | None = None,
    ) -> None:
        self.number, self.heartbeat_s, self.resend_s = number, heartbeat_s, resend_s
        self.radios: dict[int, Radio] = {}
        self.faults = Faults()
        self.asked: deque[Asked] = deque(maxlen=_KEPT)
        self.spoken: deque[tuple[str, str]] = deque(maxlen=_KEPT)
        self._host, self._own_ports = host, own_ports or {}
        self._on_text = on_text
        self._ports = {key: Port(self, *key, centre=(centre, port)) for key, port in ports.items()}

    async def __aenter__(self) -> Self:
        """Switch on."""
        loop = asyncio.get_running_loop()
        for key, port in self._ports.items():
            place = (self._host, self._own_ports.get(key, 0))
            port.transport, _ = await loop.create_datagram_endpoint(lambda port=port: port, local_addr=place)  # type: ignore[misc]
            port.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Switch off."""
        for port in self._ports.values():
            port.stop()
            if port.transport is not None:
                port.transport.close()
                port.transport = None

    @property
    def met(self) -> bool:
        """Whether the centre has answered on every port."""
        return all(port.met for port in self._ports.values())

    @property
    def unacknowledged(self) -> int:
        """How many frames the centre never acknowledged."""
        return sum(port.unacknowledged for port in self._ports.values())

    @property
    def waiting(self) -> int:
        """How many frames are still under way to the centre."""
        return sum(len(port.queue) for port in self._ports.values())

    def add(self, radio: Radio) -> Radio:
        """Let a radio be in reach."""
        self.radios[radio.number] = radio
        return radio

    def reboot(self) -> None:
        """Start anew: the sessions are greeted again, all numbers begin at one."""
        for port in self._ports.values():
            port.stop()
            port.start()

    def raw(self, service: int, slot: int, datagram: bytes) -> None:
        """Put any bytes on a port, e.g. a captured datagram."""
        self._ports[service, slot].put(datagram)

    def say(self, service: int, slot: int, opcode: int, payload: bytes) -> None:
        """Send a frame by a service's port."""
        spoil = self.faults.spoil > 0
        self.faults.spoil -= spoil
        self._ports[service, slot].say(hdap(service, opcode, payload, spoil=spoil))

    # What radios do

    def register(self, radio: Radio) -> None:
        """Switch a radio on."""
        self.say(RRS, radio.slot, 0x0003, address(radio.number))

    def leave(self, radio: Radio) -> None:
        """Switch a radio off."""
        self.say(RRS, radio.slot, 0x0001, address(radio.number))

    def report(self, radio: Radio) -> None:
        """Let a radio report its place by itself, as it does when it has moved."""
        self.say(LP, radio.slot, 0xD003, bytes(4) + address(radio.number) + self._gps(radio))

    def press_sos(self, radio: Radio) -> None:
        """Press a radio's emergency key."""
        self.say(LP, radio.slot, 0xB003, address(radio.number) + b"\x01" + self._gps(radio))

    def text(self, radio: Radio, text: str, *, request: int = 1, group: int = 0, dest: int = 0) -> None:
        """Let a radio send a text: to the centre, to another radio, or to a group."""
        to = group.to_bytes(4, "big") if group else address(dest or self.number)
        payload = request.to_bytes(4, "big") + to + address(radio.number) + text.encode("utf-16-le")
        self.say(TMP, radio.slot, 0x80B1 if group else 0x80A1, payload)

    def talk(self, radio: Radio, *, talking: bool = True, call_type: int = 1) -> None:
        """Let a radio press or let go its PTT key in its group."""
        status = 0 if talking else 4
        numbers = b"".join(one.to_bytes(2, "little") for one in (1, status, 1, call_type))
        ends = radio.group.to_bytes(4, "little") + radio.number.to_bytes(4, "little")
        self.say(RCP, radio.slot, 0xB845, numbers + ends)

    # What the centre asks

    def obey(self, port: Port, request: Asked) -> None:
        """Do what the centre asks; radios answer as they would by the air."""
        self.asked.append(request)
        match request.service, request.opcode & 0x7FFF if request.service == TMP else request.opcode:
            case (0x11, 0x0080):
                if radio := self.radios.get(
                    request.payload[1] << 16 | int.from_bytes(request.payload[2:4], "big")
                ):
                    radio.renew_s = int.from_bytes(request.payload[5:9], "big")
            case (0x08, 0xA001):
                self._locate(port, request)
            case (0x09, 0x00A1):
                self._private(port, request)
            case (0x09, 0x00B1):
                self._group(port, request)
            case (0x02, 0x0833):
                self._check(port, request)
            case (0x02, 0x10C9):
                self.say(RCP, port.slot, 0x80C9, b"\0")

    def _locate(self, port: Port, request: Asked) -> None:
        radio = self._reached(request.dest)
        if radio is not None:
            result = b"\0\6" if radio.nul_gps else b"\0\0"
            self.say(LP, port.slot, 0xA002, request.payload[:8] + result + self._gps(radio))

    def _private(self, port: Port, request: Asked) -> None:
        radio = self.radios.get(request.dest)
        self.spoken.append((str(request.dest), request.text))
        if radio is not None and radio.mute:
            return  # some repeaters say nothing either
        result = 8 if radio is None else radio.result
        if radio is not None and result == 0:
            self._read(radio, request.text)
        self.say(TMP, port.slot, 0x00A2, request.payload[:12] + bytes([result]))

    def _group(self, port: Port, request: Asked) -> None:
        group = int.from_bytes(request.payload[4:8], "big")
        for radio in self.radios.values():
            if radio.group == group and not radio.mute:
                self._read(radio, request.text)
        self.spoken.append((f"g{group}", request.text))
        self.say(TMP, port.slot, 0x00B2, request.payload[:8] + b"\0")

    def _check(self, port: Port, request: Asked) -> None:
        number = int.from_bytes(request.payload, "little")
        self.say(RCP, port.slot, 0x8833, bytes([self._reached(number) is None]) + request.payload)

    def _reached(self, number: int) -> Radio | None:
        radio = self.radios.get(number)
        return radio if radio is not None and not radio.mute else None

    def _read(self, radio: Radio, text: str) -> None:
        radio.read.append(text)
        if self._on_text:
            self._on_text(radio, text)

    def _gps(self, radio: Radio) -> bytes:
        return NUL_GPS if radio.nul_gps else gps(*radio.where())
