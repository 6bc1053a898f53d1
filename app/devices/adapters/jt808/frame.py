"""The frame of JT/T 808-2011/2013/2019: flags, escapes, check byte and the two header layouts (§4.4)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from app.devices.adapters.stream import xor

FLAG = b"\x7e"
MAX_BODY = 1023
"""Bytes of one body: ten bits of the properties word (§4.4.3)."""

_VERSION_BIT = 1 << 14
_SUBPACKAGE_BIT = 1 << 13
_HEAD_2013 = struct.Struct(">HH0s6sH")  # id, properties, no protocol version, phone, serial
_HEAD_2019 = struct.Struct(">HH1s10sH")
_PARTS = struct.Struct(">HH")  # total and index of a sub-package
_MIN_FRAME = _HEAD_2013.size + 1  # with the check byte
_KNOWN_TERMINALS = 16_384  # addresses kept ready: a terminal writes the same one into every frame


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

    def __post_init__(self) -> None:
        """Refuse a number that does not fit its layout (ValueError)."""
        if len(self.phone) != (20 if self.layout_2019 else 12):
            raise ValueError(f"phone {self.phone} does not fit the header layout")

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


@dataclass(slots=True)  # not frozen: that would cost a tenth of the decoding
class Header:
    """The message header (§4.4.3); `total` and `index` (from 1) count only in a sub-package (分包)."""

    msg_id: int
    body_len: int
    encrypt: int
    terminal: Terminal
    serial: int
    subpackage: bool = False
    total: int = 0
    index: int = 0

    @property
    def size(self) -> int:
        """Bytes that the header takes."""
        head = _HEAD_2019 if self.terminal.layout_2019 else _HEAD_2013
        return head.size + (_PARTS.size if self.subpackage else 0)


class Frame(NamedTuple):
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
    for layout_2019 in (declared, not declared):
        header = read_header(data, layout_2019=layout_2019)
        if header:
            size = header.size
            if len(data) - size - 1 == header.body_len:
                return Frame(header, data[size:-1])
    return "length"


def build_frame(header: Header, body: bytes) -> bytes:
    """Write one frame with its flags; `header.body_len` is ignored, the body is measured.

    Raises ValueError when the body is longer than MAX_BODY bytes.
    """
    if len(body) > MAX_BODY:
        raise ValueError(f"a body of {len(body)} bytes needs sub-packages")
    to = header.terminal
    head = _HEAD_2019 if to.layout_2019 else _HEAD_2013
    props = len(body) | header.encrypt << 10
    props |= _SUBPACKAGE_BIT if header.subpackage else 0
    props |= _VERSION_BIT if to.version_flag else 0
    phone = bytes.fromhex(to.phone)
    data = head.pack(header.msg_id, props, bytes((to.protocol_version,)), phone, header.serial)
    if header.subpackage:
        data += _PARTS.pack(header.total, header.index)
    data += body
    return FLAG + escape(data + bytes((xor(data),))) + FLAG


def read_header(data: bytes, *, layout_2019: bool | None = None) -> Header | None:
    """Read the header of unescaped data, in the layout it declares unless told; None when it is too short."""
    if len(data) < _MIN_FRAME:
        return None
    props = int.from_bytes(data[2:4], "big")
    flag = bool(props & _VERSION_BIT)
    long = flag if layout_2019 is None else layout_2019
    head = _HEAD_2019 if long else _HEAD_2013
    parted = bool(props & _SUBPACKAGE_BIT)
    if len(data) < head.size + 4 * parted + 1:
        return None
    msg_id, _, version, phone, serial = head.unpack_from(data)
    total, index = _PARTS.unpack_from(data, head.size) if parted else (0, 0)
    terminal = _terminal(phone, flag, long, version[0] if long else 1)
    return Header(msg_id, props & MAX_BODY, props >> 10 & 7, terminal, serial, parted, total, index)


@lru_cache(_KNOWN_TERMINALS)
def _terminal(phone: bytes, flag: bool, long: bool, version: int) -> Terminal:  # noqa: FBT001 (read once a number)
    return Terminal(phone.hex(), flag, long, version)
