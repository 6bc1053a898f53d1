"""The alphabets of a short message: GSM 7-bit with its extension table, UCS-2, data (3GPP TS 23.038)."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Literal

Alphabet = Literal["gsm7", "8bit", "ucs2"]

ESCAPE = 0x1B
_DEFAULT = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = MappingProxyType(
    {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|"}
    | {0x65: "€"}
)
_SEPTETS = MappingProxyType(
    {char: bytes((code,)) for code, char in enumerate(_DEFAULT) if code != ESCAPE}
    | {char: bytes((ESCAPE, code)) for code, char in _EXTENSION.items()}
)


def alphabet_of(dcs: int) -> Alphabet:
    """Return the alphabet that a data coding scheme names (TS 23.038 §4); reserved ones are GSM 7-bit.

    Compressed text is left as data: nobody sends it.
    """
    group = dcs >> 4
    if group < 0x8:  # general data coding, with or without automatic deletion
        if dcs & 0x20:
            return "8bit"
        by_bits: tuple[Alphabet, ...] = ("gsm7", "8bit", "ucs2", "gsm7")
        return by_bits[dcs >> 2 & 3]
    if group == 0xE:  # message waiting, stored, UCS-2
        return "ucs2"
    return "8bit" if group == 0xF and dcs & 0x04 else "gsm7"


def septets_of(text: str) -> bytes | None:
    """Return a text as one byte a septet (two for the extension table); None when it needs UCS-2."""
    try:
        return b"".join(_SEPTETS[char] for char in text)
    except KeyError:
        return None


def text_of(septets: Iterable[int]) -> str:
    """Read septets, one in each byte. An unknown extension is read from the default table (§6.2.1.1)."""
    out: list[str] = []
    escaped = False
    for code in septets:
        if code == ESCAPE and not escaped:
            escaped = True
            continue
        out.append(_EXTENSION.get(code, _DEFAULT[code]) if escaped else _DEFAULT[code])
        escaped = False
    return "".join(out).replace("\x1b", " ")


def ucs2_of(text: str) -> bytes:
    """Return a text as UTF-16BE, which is what UCS-2 is in practice; a lone surrogate becomes `?`."""
    return text.encode("utf-16-be", "replace")


def from_ucs2(data: bytes) -> str:
    """Read UTF-16BE: surrogate pairs do occur (rare characters of names); half a one becomes U+FFFD."""
    return data.decode("utf-16-be", "replace")


def pack(septets: bytes, skip_bits: int = 0) -> bytes:
    """Pack septets into octets, least significant bit first, after `skip_bits` fill bits (§6.1.2.1.1)."""
    value = 0
    for at, code in enumerate(septets):
        value |= code << 7 * at
    return (value << skip_bits).to_bytes((7 * len(septets) + skip_bits + 7) // 8, "little")


def unpack(octets: bytes, count: int, skip_bits: int = 0) -> bytes:
    """Return `count` septets, one in each byte; the octets must hold them."""
    value = int.from_bytes(octets, "little") >> skip_bits
    return bytes(value >> 7 * at & 0x7F for at in range(count))
