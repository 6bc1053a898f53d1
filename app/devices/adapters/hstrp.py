"""HSTRP: the session layer that a Hytera repeater puts around HDAP, one frame a UDP datagram (§2.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.devices.adapter import Adapter, Garbage, Reading
from app.devices.adapters.hdap import FAMILY as RADIO
from app.devices.adapters.hdap import read as read_hdap
from app.devices.adapters.hytera.frame import cut
from app.devices.adapters.hytera.layout import Fields

FAMILY = "hstrp"
MAX_DATAGRAM = 1500
MAX_OPTIONS = 16
ACK, HEARTBEAT, CONNECT, CLOSE, REJECT, OPTION = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
DEVICE_ID, CHANNEL = 3, 4

_MARK = b"2B"
_HEAD = 6
_FLAGS = (
    (OPTION, "option"),
    (REJECT, "reject"),
    (CLOSE, "close"),
    (CONNECT, "connect"),
    (HEARTBEAT, "heartbeat"),
    (ACK, "ack"),
)
_KNOWN_BITS = sum(bit for bit, _ in _FLAGS)
_OPTIONS = {
    1: "rtp_available",
    DEVICE_ID: "device_id",
    CHANNEL: "channel",
    5: "xpt_site",
    6: "xpt_index",
    7: "xpt_channel_type",
}


@dataclass(frozen=True, slots=True)
class Datagram:
    """One HSTRP datagram: type bits, sequence number, options by their kind, and the HDAP inside."""

    type: int
    number: int
    options: tuple[tuple[int, bytes], ...] = ()
    data: bytes = b""
    version: int = 0

    @property
    def carries_data(self) -> bool:
        """Whether it must be acknowledged: a message, not a sign of the session itself."""
        return not self.type & ~OPTION

    def option(self, kind: int) -> int | None:
        """Return an option's value as a number, None without it."""
        return next((int.from_bytes(value, "big") for one, value in self.options if one == kind), None)


def build(
    type_bits: int, number: int, data: bytes = b"", options: tuple[tuple[int, bytes], ...] = ()
) -> bytes:
    """Write one datagram; options are written (and announced in the type) when there are any."""
    written = bytearray()
    for at, (kind, value) in enumerate(options):
        more = 0x80 if at + 1 < len(options) else 0
        written += bytes((kind | more, len(value))) + value
    bits = type_bits | (OPTION if options else 0)
    return _MARK + bytes((0, bits)) + (number & 0xFFFF).to_bytes(2, "big") + bytes(written) + data


def parse(datagram: bytes) -> Datagram | Garbage:
    """Read one datagram. The UDP length is trusted, padding inside it is not part of the message."""
    if len(datagram) < _HEAD or datagram[:2] != _MARK or datagram[2]:
        return Garbage(datagram, "noise" if datagram[:2] != _MARK else "header")
    if len(datagram) > MAX_DATAGRAM:
        return Garbage(datagram, "oversized")
    bits = datagram[3]
    if bits & ~_KNOWN_BITS:
        return Garbage(datagram, "type")
    options: list[tuple[int, bytes]] = []
    at = _HEAD
    more = bool(bits & OPTION)
    while more:
        if at + 2 > len(datagram) or at + 2 + datagram[at + 1] > len(datagram) or len(options) == MAX_OPTIONS:
            return Garbage(datagram, "options")
        more = bool(datagram[at] & 0x80)
        size = datagram[at + 1]
        options.append((datagram[at] & 0x7F, datagram[at + 2 : at + 2 + size]))
        at += 2 + size
    number = int.from_bytes(datagram[4:6], "big")
    return Datagram(bits, number, tuple(options), datagram[at:])


def read(datagram: bytes, *, strict: bool = False) -> Reading | Garbage:
    """Read one datagram and the HDAP in it."""
    outer = parse(datagram)
    if isinstance(outer, Garbage):
        return outer
    fields: Fields = {
        "layer": "HSTRP",
        "version": outer.version,
        "type": f"0x{outer.type:02x}",
        "flags": [name for bit, name in _FLAGS if outer.type & bit],
        "sn": outer.number,
    }
    if outer.options:
        fields["options"] = [_option(kind, value) for kind, value in outer.options]
    if not outer.carries_data:
        sign = "+".join(name for name in fields["flags"] if name != "option")
        return Reading(RADIO, sign, "", fields, datagram)
    frame = cut(outer.data)
    if isinstance(frame, str):
        return Garbage(datagram, frame)
    inner = read_hdap(frame, str(outer.number), strict=strict)
    if isinstance(inner, Garbage):
        return Garbage(datagram, inner.reason)
    return replace(inner, fields={**fields, "hdap": inner.fields["hdap"]}, raw=datagram)


def _option(kind: int, value: bytes) -> list[object]:
    name = _OPTIONS.get(kind)
    if name is None:
        return [f"option_{kind}", value.hex()]
    return [name, int.from_bytes(value, "big") if value else True]


class HstrpCodec:
    """Takes whole datagrams: the layer has no length of its own, UDP has."""

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict

    def feed(self, data: bytes) -> Iterator[Reading | Garbage]:
        """Take one datagram."""
        if data:
            yield read(data, strict=self._strict)

    def idle(self) -> Iterator[Reading | Garbage]:
        """Nothing is ever kept."""
        return iter(())


ADAPTER = Adapter(
    family=FAMILY,
    title_zh="海能达中继台 HSTRP",
    title_en="Hytera repeater, HSTRP",
    codec=HstrpCodec,
    datagrams=True,
)
