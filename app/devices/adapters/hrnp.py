"""HRNP: how a Hytera mobile radio on a cable is spoken to, over UDP/3005 or a serial line (§2.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.devices.adapter import Adapter, Garbage, Reading
from app.devices.adapters.hdap import FAMILY as RADIO
from app.devices.adapters.hdap import read as read_hdap
from app.devices.adapters.hytera.frame import MAX_PAYLOAD, OVERHEAD, cut
from app.devices.adapters.hytera.layout import Fields

FAMILY = "hrnp"
MARK = b"\x7e"
HEAD = 12
MAX_PACKET = HEAD + OVERHEAD + MAX_PAYLOAD
MAX_NOISE = 4096
"""Bytes of noise reported as one piece at most."""

CONNECT, ACCEPT, REJECT, CLOSE, CLOSE_ACK, DATA, DATA_ACK = 0xFE, 0xFD, 0xFC, 0xFB, 0xFA, 0x00, 0x10
MASTER, SLAVE = 0x10, 0x20
"""The radio's address, and the first one of ours."""

_OPCODES = {
    CONNECT: "CONNECT",
    ACCEPT: "ACCEPT",
    REJECT: "REJECT",
    CLOSE: "CLOSE",
    CLOSE_ACK: "CLOSE_ACK",
    DATA: "DATA",
    DATA_ACK: "DATA_ACK",
}
_VERSIONS = frozenset((3, 4))


@dataclass(frozen=True, slots=True)
class Packet:
    """One HRNP packet, its checksum proved."""

    opcode: int
    source: int
    destination: int
    number: int
    data: bytes = b""
    version: int = 4
    block: int = 0
    raw: bytes = b""


def checksum(packet: bytes) -> int:
    """Return the ones' complement sum of 16-bit words over all but the checksum itself (bytes 10, 11)."""
    covered = packet[:10] + packet[12:]
    covered += b"\0" * (len(covered) % 2)
    total = sum(int.from_bytes(covered[at : at + 2], "big") for at in range(0, len(covered), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def build(
    opcode: int, number: int, data: bytes = b"", *, source: int = SLAVE, destination: int = MASTER
) -> bytes:
    """Write one packet with its checksum. Raises ValueError when the data is too long."""
    size = HEAD + len(data)
    if size > MAX_PACKET:
        raise ValueError(f"{len(data)} bytes are too many for one packet")
    head = MARK + bytes((4, 0, opcode, source, destination)) + (number & 0xFFFF).to_bytes(2, "big")
    packet = head + size.to_bytes(2, "big") + b"\0\0" + data
    return packet[:10] + checksum(packet).to_bytes(2, "big") + data


def look(buffer: bytes | bytearray, at: int) -> Packet | str:
    """Return the packet that starts at this 7E, or why there is none ("" for a 7E that is none)."""
    head = bytes(buffer[at : at + HEAD])
    impossible = (len(head) > 1 and head[1] not in _VERSIONS) or (len(head) > 3 and head[3] not in _OPCODES)
    if impossible:
        return ""
    if len(head) < HEAD:
        return "incomplete"
    size = int.from_bytes(head[8:10], "big")
    if not HEAD <= size <= MAX_PACKET:
        return "length"
    if len(buffer) < at + size:
        return "incomplete"
    raw = bytes(buffer[at : at + size])
    if checksum(raw) != int.from_bytes(raw[10:12], "big"):
        return "checksum"
    number = int.from_bytes(raw[6:8], "big")
    return Packet(raw[3], raw[4], raw[5], number, raw[HEAD:], raw[1], raw[2], raw)


def read(packet: Packet, *, strict: bool = False) -> Reading | Garbage:
    """Read a packet and the HDAP in it."""
    name = _OPCODES[packet.opcode]
    fields: Fields = {
        "layer": "HRNP",
        "version": packet.version,
        "block": packet.block,
        "hrnp_opcode": name,
        "src": packet.source,
        "dst": packet.destination,
        "packet_no": packet.number,
        "total_len": len(packet.raw),
        "hrnp_checksum_ok": True,
    }
    if packet.opcode != DATA:
        return Reading(RADIO, name.lower(), "", fields, packet.raw)
    frame = cut(packet.data)
    if isinstance(frame, str):
        return Garbage(packet.raw, frame)
    inner = read_hdap(frame, str(packet.number), strict=strict)
    if isinstance(inner, Garbage):
        return Garbage(packet.raw, inner.reason)
    return replace(inner, fields={**fields, "hdap": inner.fields["hdap"]}, raw=packet.raw)


class Packets:
    """Cuts a byte stream into packets. A damaged length swallows no good packet behind it."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._noise = bytearray()
        self._reason = ""

    def feed(self, data: bytes, *, last: bool = False) -> list[Packet | Garbage]:
        """Take the next bytes; with `last` nothing more is coming: what is unfinished is given up."""
        self._buffer += data
        out: list[Packet | Garbage] = []
        buffer = self._buffer
        done = 0
        while (at := buffer.find(MARK, done)) >= 0:
            out.extend(self._skip(buffer[done:at]))
            done = at
            found = look(buffer, at)
            if isinstance(found, Packet):
                out.extend(self._flush())
                out.append(found)
                done += len(found.raw)
                continue
            if found == "incomplete" and not last:
                break
            self._reason = self._reason or found
            out.extend(self._skip(MARK))
            done += 1
        else:
            out.extend(self._skip(buffer[done:]))
            done = len(buffer)
        del buffer[:done]
        return out if not last else [*out, *self._flush()]

    def _skip(self, data: bytes | bytearray) -> Iterator[Garbage]:
        """Put bytes aside as noise, in the same pieces whatever the split of the stream."""
        self._noise += data
        while len(self._noise) > MAX_NOISE:
            yield Garbage(bytes(self._noise[:MAX_NOISE]), self._reason or "noise")
            del self._noise[:MAX_NOISE]
            self._reason = ""

    def _flush(self) -> Iterator[Garbage]:
        if self._noise:
            yield Garbage(bytes(self._noise), self._reason or "noise")
        self._noise.clear()
        self._reason = ""


class HrnpCodec:
    """The codec of one cable. The packet's checksum is strict; that of the HDAP inside only if wished."""

    def __init__(self, *, strict: bool = False) -> None:
        self._packets = Packets()
        self._strict = strict

    def feed(self, data: bytes) -> Iterator[Reading | Garbage]:
        """Take the next bytes of the stream; everything is decoded before this returns."""
        return iter([self._read(one) for one in self._packets.feed(data)])

    def idle(self) -> Iterator[Reading | Garbage]:
        """Give up a packet whose rest did not come; a good packet inside it is still found."""
        return iter([self._read(one) for one in self._packets.feed(b"", last=True)])

    def _read(self, one: Packet | Garbage) -> Reading | Garbage:
        return read(one, strict=self._strict) if isinstance(one, Packet) else one


ADAPTER = Adapter(
    family=FAMILY,
    title_zh="海能达车载台 HRNP",
    title_en="Hytera mobile radio, HRNP",
    codec=HrnpCodec,
)
