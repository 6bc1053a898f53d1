"""What is inside a Beidou short message: its codings, safe text, capacity (RDSS 4.0, RDSS 2.1, RSMC)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from app.signals import Fix, Text

MIXED = 0xA4
"""First byte of mixed content (混合传输): GBK and ASCII bytes follow."""

POSITION = 0xA0
"""First byte of a position report (位置报告)."""

_KEPT = frozenset("\n\t")
_HARMFUL = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2})+\Z")
_CAPACITY_BITS = {False: (110, 408, 628, 848, 1680), True: (140, 360, 580, 1680, 1680)}


def sanitise(text: str) -> str:
    """Strip what may not reach a screen: control, format and surrogate characters, save tab and line feed."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _HARMFUL)


def gbk(raw: bytes) -> str:
    """Decode GBK for display; bytes that are no GBK become U+FFFD."""
    return raw.decode("gbk", "replace")


def to_gbk(text: str) -> bytes:
    """Encode safe text as GBK; what GBK cannot say (an emoji) becomes a question mark."""
    return sanitise(text).encode("gbk", "replace")


def from_hex(field: bytes) -> bytes | None:
    """Read a content field written in hex digits; None when it is something else, which does happen."""
    return bytes.fromhex(field.decode("ascii")) if _HEX.match(field) else None


@dataclass(frozen=True, slots=True)
class Content:
    """The content of one short message: `raw` bytes, the coding met, the text fit for a screen.

    `digits` is set for code content: one hex digit per four bits. `position` is set for a position report.
    """

    raw: bytes
    encoding: str
    text: str
    digits: str = ""
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """A position report (位置报告, first byte A0); its time of day has no date and no stated zone."""

    time: str
    lon: float
    lat: float
    height_m: int
    height_anomaly_m: int

    def fix(self) -> Fix:
        """Say it as a fix without time: the arrival time is the authority (§8.7)."""
        return Fix(self.lon, self.lat, altitude_m=float(self.height_m))

    def fields(self) -> dict[str, Any]:
        """Return the field names that `zhishou decode` prints."""
        return {
            "time": self.time,
            "lon": self.lon,
            "lat": self.lat,
            "height_m": self.height_m,
            "height_anomaly_m": self.height_anomaly_m,
        }


def content_of(raw: bytes, *, coded: bool, bits: int | None = None) -> Content:
    """Read message content by the receiver rule of §1.2: A4 → mixed, A0 → position, else by the form bit.

    `coded` is that bit (0 汉字, 1 代码·混合); `bits` limits the digits of code content.
    """
    first = raw[0] if raw else 0
    if first == MIXED:
        return Content(raw, "mixed(A4+GBK)", sanitise(gbk(raw[1:])))
    if first == POSITION and coded:
        return Content(raw, "position(A0)", raw.hex().upper(), position=position_of(raw))
    if not coded:
        return Content(raw, "chinese(GB2312/GBK)", sanitise(gbk(raw)))
    digits = raw.hex().upper()
    digits = digits if bits is None else digits[: bits // 4]
    return Content(raw, "code(BCD nibbles)", _code_text(raw, digits), digits)


def text_signal(sender: str, time: str, content: Content) -> Text:
    """Say content as a text; `ref` is sender, time and a digest, for RDSS has no message number."""
    digest = hashlib.blake2s(content.raw, digest_size=8).hexdigest()
    return Text(f"{sender}-{time}-{digest}", content.text, content.raw)


def position_of(raw: bytes) -> Position | None:
    """Read the 96 bits after A0; None when a value is out of range (one public codec only: be strict)."""
    if len(raw) != 13:
        return None
    bits = _Bits(int.from_bytes(raw[1:], "big"), 96)
    hour, minute, second, centi = bits.take(5), bits.take(6), bits.take(6), bits.take(7)
    lon = _angle(bits.take(8), bits.take(6), bits.take(6), bits.take(4))
    lat = _angle(bits.take(6), bits.take(6), bits.take(6), bits.take(4))
    bits.take(2)  # height type
    height, anomaly = bits.signed(14), bits.signed(8)
    clock_ok = hour < 24 and minute < 60 and second < 60 and centi < 100
    if not clock_ok or lon is None or lat is None or lon > 180:
        return None
    return Position(f"{hour:02}:{minute:02}:{second:02}.{centi:02}", lon, lat, height, anomaly)


def dms(degrees: int, minutes: int, seconds: int, tenths: int) -> float:
    """Return degrees of an angle in degrees, minutes, seconds and tenths of a second."""
    return round(degrees + minutes / 60 + (seconds + tenths / 10) / 3600, 7)


def capacity_bits(level: int, *, encrypted: bool = False) -> int:
    """Return the bits of one normal message for a card level 1 to 4 (通信等级); 0 is BDS-3's level 5."""
    table = _CAPACITY_BITS[encrypted]
    return table[(level or 5) - 1] if 0 <= level <= 5 else table[0]


def mixed_bytes(bits: int) -> int:
    """Return the GBK bytes that mixed content leaves of a capacity in bits: one byte goes to A4."""
    return max(0, (bits - 8) // 8)


def segment(text: str, bits: int) -> list[str]:
    """Split text into messages that fit `bits` each as mixed content, marked "(1/3)" when more than one.

    Cuts on character boundaries only. Raises ValueError when not even one character fits beside the mark.
    """
    room = mixed_bytes(bits)
    text = sanitise(text)
    if len(to_gbk(text)) <= room:
        return [text]
    width = 1
    while True:
        parts = _cut(text, room - 3 - 2 * width)
        if len(parts) < 10**width:
            return [f"({number}/{len(parts)}){part}" for number, part in enumerate(parts, 1)]
        width += 1


def _cut(text: str, room: int) -> list[str]:
    parts: list[str] = []
    start = used = 0
    for at, char in enumerate(text):
        size = len(char.encode("gbk", "replace"))
        if size > room:
            raise ValueError(f"{room} bytes of room are too few")
        if used + size > room:
            parts.append(text[start:at])
            start, used = at, 0
        used += size
    return [*parts, text[start:]]


def _code_text(raw: bytes, digits: str) -> str:
    """Show code content: as text when it plainly is text (many senders do that), keeping decimal digits."""
    text = gbk(raw)
    if not text or not text.isprintable() or "\ufffd" in text:
        return digits
    return f"{digits} ({text})" if digits.isdecimal() else text


def _angle(degrees: int, minutes: int, seconds: int, tenths: int) -> float | None:
    if minutes > 59 or seconds > 59 or tenths > 9:
        return None
    return dms(degrees, minutes, seconds, tenths)


class _Bits:
    """Reads unsigned and sign-magnitude numbers from the most significant bit on."""

    def __init__(self, value: int, width: int) -> None:
        self._value = value
        self._left = width

    def take(self, width: int) -> int:
        self._left -= width
        return self._value >> self._left & ((1 << width) - 1)

    def signed(self, width: int) -> int:
        negative = self.take(1)
        return -self.take(width) if negative else self.take(width)
