"""Frames of MAVLink: where one begins, how long it is, and whether its checksum is that of its message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

V1, V2 = 0xFE, 0xFD
_SIGNED = 0x01
_SIGNATURE = 13
LONGEST = 280  # 10 octets of head, 255 of payload, 2 of checksum, 13 of signature


@dataclass(frozen=True, slots=True)
class Kind:
    """A message of the dialect: its name, and the seed that its definition adds to every checksum."""

    name: str
    crc_extra: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One good frame. `payload` as it came: version 2 leaves zeros at its end out."""

    version: int
    seq: int
    system: int
    component: int
    message: int
    name: str
    payload: bytes
    raw: bytes


@cache
def kinds() -> Mapping[int, Kind]:
    """Return the messages whose checksum we can prove, by their number."""
    lines = files(__package__).joinpath("crc_extra.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {int(number): Kind(name, int(crc)) for number, crc, name in rows}


def x25(data: bytes, crc: int = 0xFFFF) -> int:
    """Return CRC-16/MCRF4XX, which MAVLink calls X.25 (https://mavlink.io/en/guide/serialization.html#checksum)."""
    for octet in data:
        octet ^= crc & 0xFF
        octet ^= octet << 4 & 0xFF
        crc = crc >> 8 ^ octet << 8 ^ octet << 3 ^ octet >> 4
    return crc


def cut(held: bytes | bytearray) -> Frame | Literal["incomplete", "none"]:
    """Return the frame at the beginning of what is held; "incomplete" while more bytes may make one."""
    if held[0] not in (V1, V2):
        return "none"
    head = 6 if held[0] == V1 else 10
    if len(held) < head:
        return "incomplete"
    flags = held[2] if held[0] == V2 else 0
    if flags & ~_SIGNED:  # §incompat_flags: who does not know a flag must throw the frame away
        return "none"
    number = held[5] if held[0] == V1 else int.from_bytes(held[7:10], "little")
    kind = kinds().get(number)
    if kind is None:
        return "none"
    end = head + held[1] + 2
    size = end + (_SIGNATURE if flags else 0)
    if len(held) < size:
        return "incomplete"
    checked = x25(bytes((kind.crc_extra,)), x25(bytes(held[1 : end - 2])))
    if checked != int.from_bytes(held[end - 2 : end], "little"):
        return "none"
    seq, system, component = held[2:5] if held[0] == V1 else held[4:7]
    payload, raw = bytes(held[head : end - 2]), bytes(held[:size])
    return Frame(2 if held[0] == V2 else 1, seq, system, component, number, kind.name, payload, raw)


def build(
    number: int, payload: bytes, *, version: int = 2, seq: int = 0, system: int = 1, component: int = 1
) -> bytes:
    """Return a frame, as the simulator sends it. Version 2 leaves zeros at the end of the payload out."""
    if version == 2:
        payload = payload[:1] + payload[1:].rstrip(b"\0")
        head = bytes((V2, len(payload), 0, 0, seq & 0xFF, system, component)) + number.to_bytes(3, "little")
    else:
        head = bytes((V1, len(payload), seq & 0xFF, system, component, number))
    body = head + payload
    crc = x25(bytes((kinds()[number].crc_extra,)), x25(body[1:]))
    return body + crc.to_bytes(2, "little")
