"""What a Hytera repeater and its radios put on the wire, written by hand and not with our codecs.

The layouts are those of the recorded frames in tests/vectors: a simulator that shared the codec's mistakes
would prove nothing.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

RCP, LP, TMP, RRS = 0x02, 0x08, 0x09, 0x11
ACK, HEARTBEAT, CONNECT = 0x01, 0x02, 0x04
NUL_GPS = bytes(40)


def hdap(service: int, opcode: int, payload: bytes, *, spoil: bool = False) -> bytes:
    """Write a frame; `spoil` gives it a wrong checksum."""
    inner = struct.pack("<HH" if service == RCP else ">HH", opcode, len(payload)) + payload
    check = (0x32 - sum(inner)) % 256
    return bytes([service]) + inner + bytes([check ^ 0x55 if spoil else check, 3])


def hstrp(kind: int, number: int, body: bytes = b"", *, repeater: int = 0, slot: int = 1) -> bytes:
    """Write a datagram; with `repeater` it carries the options of a repeater's datagrams."""
    options = struct.pack(">BBIBBB", 0x83, 4, repeater, 4, 1, slot) if repeater else b""
    return struct.pack(">2sBBH", b"2B", 0, kind | (0x20 if repeater else 0), number) + options + body


def hrnp(opcode: int, number: int, body: bytes = b"") -> bytes:
    """Write a packet of a radio on a cable to the PC."""
    head = struct.pack(">BBBBBBHH", 0x7E, 4, 0, opcode, 0x10, 0x20, number, 12 + len(body))
    covered = head + body + b"\0" * (len(body) % 2)
    total = sum(struct.unpack(f">{len(covered) // 2}H", covered))
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return head + struct.pack(">H", ~total & 0xFFFF) + body


def address(radio: int) -> bytes:
    """Write a radio's address: subnet 10 and the id."""
    return struct.pack(">I", 10 << 24 | radio)


def gps(lon: float, lat: float, clock: str = "", date: str = "") -> bytes:
    """Write a position; `clock` is HHMMSS and `date` DDMMYY, NUL when empty."""
    place = ""
    for value, letters, width in ((lat, "NS", 2), (lon, "EW", 3)):
        minutes = round(abs(value) * 60, 4)
        place += f"{letters[value < 0]}{int(minutes // 60):0{width}}{minutes % 60:07.4f}"
    text = f"A{clock or chr(0) * 6}{date or chr(0) * 6}{place}0.0000"
    return text.encode("ascii")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the centre sent: the service, its opcode, the payload."""

    service: int
    opcode: int
    payload: bytes

    @property
    def request(self) -> bytes:
        """The number of the request as it stands on the wire."""
        return self.payload[:4]

    @property
    def dest(self) -> int:
        """Whom a request of LP or TMP is for."""
        return int.from_bytes(self.payload[5:8], "big")

    @property
    def text(self) -> str:
        """The words of a text."""
        return self.payload[12:].decode("utf-16-le")


def asked(body: bytes) -> Asked | None:
    """Read a frame of the centre's; None (and no answer) when its checksum is wrong."""
    if len(body) < 7 or body[-1] != 3 or body[-2] != (0x32 - sum(body[1:-2])) % 256:
        return None
    service = body[0] & 0x7F
    opcode, size = struct.unpack("<HH" if service == RCP else ">HH", body[1:5])
    return Asked(service, opcode, body[5 : 5 + size])
