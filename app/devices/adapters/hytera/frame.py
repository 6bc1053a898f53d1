"""The HDAP frame: header, opcode, length, payload, checksum, end (protocols/radio-and-satphone.md §2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from app.devices.adapters.hytera.layout import Order

RCP, LP, TMP, RRS, TP, DTP, DDS = 0x02, 0x08, 0x09, 0x11, 0x12, 0x13, 0x14
SERVICES = {RCP: "RCP", LP: "LP", TMP: "TMP", RRS: "RRS", TP: "TP", DTP: "DTP", DDS: "DDS"}

OVERHEAD = 7
"""Bytes around the payload: header 1, opcode 2, length 2, checksum 1, end 1."""

MAX_PAYLOAD = 1400
"""No service fills a datagram; a longer length is damage."""

_RELIABLE = 0x80
_END = 0x03


@dataclass(frozen=True, slots=True)
class Frame:
    """One HDAP frame. A wrong checksum is told, not refused: real repeaters act on such frames too."""

    service: int
    opcode: int
    payload: bytes
    raw: bytes
    reliable: bool = False
    checksum_ok: bool = True


def order(service: int) -> Order:
    """Return a service's byte order: RCP is little endian, all others are big."""
    return "little" if service == RCP else "big"


def checksum(inner: bytes) -> int:
    """Return the check byte over opcode, length and payload; header and end are not covered."""
    return (~sum(inner) + 0x33) & 0xFF


def build(service: int, opcode: int, payload: bytes = b"", *, reliable: bool = False) -> bytes:
    """Write one frame with the right checksum. Raises ValueError when the payload is too long."""
    if len(payload) > MAX_PAYLOAD:
        raise ValueError(f"{len(payload)} bytes are too many for one frame")
    way = order(service)
    inner = opcode.to_bytes(2, way) + len(payload).to_bytes(2, way) + payload
    header = service | (_RELIABLE if reliable else 0)
    return bytes((header, *inner, checksum(inner), _END))


def cut(data: bytes, at: int = 0) -> Frame | str:
    """Return the frame that starts at `at`, or why there is none."""
    if len(data) - at < OVERHEAD:
        return "truncated"
    service = data[at] & ~_RELIABLE
    if service not in SERVICES:
        return "service"
    way = order(service)
    size = int.from_bytes(data[at + 3 : at + 5], way)
    if size > MAX_PAYLOAD:
        return "length"
    end = at + OVERHEAD + size
    if len(data) < end:
        return "truncated"
    if data[end - 1] != _END:
        return "end"
    return Frame(
        service,
        int.from_bytes(data[at + 1 : at + 3], way),
        data[at + 5 : end - 2],
        data[at:end],
        reliable=bool(data[at] & _RELIABLE),
        checksum_ok=data[end - 2] == checksum(data[at + 1 : end - 2]),
    )
