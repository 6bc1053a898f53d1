"""The frame of JT/T 808-2011/2013/2019: flags, escapes, check byte and the two header layouts (§4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.devices.adapters.stream import xor

FLAG = b"\x7e"
MAX_BODY = 1023
"""Bytes of one body: ten bits of the properties word (§4.4.3)."""

_VERSION_BIT = 1 << 14
_SUBPACKAGE_BIT = 1 << 13
_MIN_FRAME = 13  # the 2013 header and the check byte


@dataclass(frozen=True, slots=True)
class Terminal:
    """How to address one terminal: its number and the header layout it speaks.

    `phone` is the BCD field as hex digits: 12 in the 2013 layout, 20 in the 2019 layout. Some makers put
    a binary IMEI there, so it is never read as a number.
    """

    phone: str
    version_flag: bool = False
    layout_2019: bool = False
    protocol_version: int = 1

    @classmethod
    def v2013(cls, number: str) -> Terminal:
        """Address a terminal of the 2011/2013 standard by its number, left-padded with zeros."""
        return cls(number.lower().zfill(12))

    @classmethod
    def v2019(cls, number: str) -> Terminal:
        """Address a terminal of the 2019 standard by its number, left-padded with zeros."""
        return cls(number.lower().zfill(20), version_flag=True, layout_2019=True)

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Terminal:
        """Address the terminal that sent a reading with these fields, in its own layout."""
        return cls(
            phone=fields["phone"],
            version_flag=fields["version_flag"],
            layout_2019=fields["layout"] == "2019",
            protocol_version=fields.get("protocol_version", 1),
        )

    @property
    def sender(self) -> str:
        """The identity that both layouts of one number share: no leading zeros."""
        return self.phone.lstrip("0") or "0"


@dataclass(frozen=True, slots=True)
class Header:
    """The message header (§4.4.3); `total` and `index` are 0 unless the message is a sub-package."""

    msg_id: int
    body_len: int
    encrypt: int
    terminal: Terminal
    serial: int
    total: int = 0
    index: int = 0

    @property
    def subpackage(self) -> bool:
        """Whether this frame is one part of a longer message (分包)."""
        return self.total > 0 or self.index > 0


@dataclass(frozen=True, slots=True)
class Frame:
    """A checked frame: header and body, unescaped."""

    header: Header
    body: bytes


def escape(data: bytes) -> bytes:
    """Escape what stands between the flags: 7D → 7D 01 first, then 7E → 7D 02 (§4.4.2)."""
    return data.replace(b"\x7d", b"\x7d\x01").replace(FLAG, b"\x7d\x02")


def unescape(data: bytes) -> bytes | None:
    """Undo `escape`; None when a 7D is not followed by 01 or 02."""
    marks = data.count(b"\x7d")
    if not marks:
        return data
    if marks != data.count(b"\x7d\x01") + data.count(b"\x7d\x02"):
        return None
    return data.replace(b"\x7d\x02", FLAG).replace(b"\x7d\x01", b"\x7d")


def read_frame(piece: bytes) -> Frame | str:
    """Read what stood between two flags; a string is the reason why it is no frame.

    Some terminals set the 2019 version bit over a 2013 header, or the reverse. When the body length does
    not fit, the other layout is tried and accepted only if it fits exactly. The length must fit: turning
    7D 02 into 7C 02 leaves the check byte right.
    """
    data = unescape(piece)
    if data is None:
        return "escape"
    if len(data) < _MIN_FRAME:
        return "short"
    if xor(data):
        return "checksum"
    declared = bool(data[2] & (_VERSION_BIT >> 8))
    frame = _split(data, layout_2019=declared) or _split(data, layout_2019=not declared)
    return frame or "length"


def build_frame(header: Header, body: bytes) -> bytes:
    """Write one frame with its flags; `header.body_len` is ignored, the body is measured.

    Raises ValueError when the body is longer than MAX_BODY bytes.
    """
    if len(body) > MAX_BODY:
        raise ValueError(f"a body of {len(body)} bytes needs sub-packages")
    to = header.terminal
    props = len(body) | header.encrypt << 10
    props |= _SUBPACKAGE_BIT if header.subpackage else 0
    props |= _VERSION_BIT if to.version_flag else 0
    head = header.msg_id.to_bytes(2, "big") + props.to_bytes(2, "big")
    if to.layout_2019:
        head += bytes((to.protocol_version,))
    head += bytes.fromhex(to.phone) + header.serial.to_bytes(2, "big")
    if header.subpackage:
        head += header.total.to_bytes(2, "big") + header.index.to_bytes(2, "big")
    data = head + body
    return FLAG + escape(data + bytes((xor(data),))) + FLAG


def _split(data: bytes, *, layout_2019: bool) -> Frame | None:
    """Cut header, body and check byte in one layout; None unless the declared body length fits."""
    props = int.from_bytes(data[2:4], "big")
    body_at = 17 if layout_2019 else 12
    serial_at = body_at - 2
    part_at = body_at
    parted = bool(props & _SUBPACKAGE_BIT)
    if parted:
        body_at += 4
    body_len = props & MAX_BODY
    if len(data) - body_at - 1 != body_len:
        return None
    phone_at = 5 if layout_2019 else 4
    terminal = Terminal(
        phone=data[phone_at:serial_at].hex(),
        version_flag=bool(props & _VERSION_BIT),
        layout_2019=layout_2019,
        protocol_version=data[4] if layout_2019 else 1,
    )
    header = Header(
        msg_id=int.from_bytes(data[0:2], "big"),
        body_len=body_len,
        encrypt=props >> 10 & 7,
        terminal=terminal,
        serial=int.from_bytes(data[serial_at : serial_at + 2], "big"),
        total=int.from_bytes(data[part_at : part_at + 2], "big") if parted else 0,
        index=int.from_bytes(data[part_at + 2 : part_at + 4], "big") if parted else 0,
    )
    return Frame(header, data[body_at:-1])
