"""Sentences `$HEAD,field,…*hh` of NMEA, RDSS 2.1 and RSMC: the tokenizer, field tables, the link codec.

A Beidou machine mixes the three on one serial line (RDSS 2.1 and RSMC: protocols/beidou.md §2, §3), so
there is one codec; each reading names its own family.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.payload import gbk
from app.devices.adapters.stream import Pieces, xor
from app.signals import Signal

MAX_LINE = 8 * 1024
"""Bytes kept while waiting for a line end; the longest RSMC message is about 3.6 KB of hex."""

Fields = dict[str, Any]
Convert = Callable[[bytes], Any]
Column = tuple[str, Convert]

_TAIL = re.compile(rb"\*([0-9A-Fa-f]{2})\Z")
_HEAD = re.compile(rb"\$([A-Z][A-Z0-9]{4,7})(?=,|\*[0-9A-Fa-f]{2}\Z)")
_GLUED = re.compile(rb"(?<=\*[0-9A-Fa-f]{2})(?=\$)")
_INTEGER = re.compile(rb"[+-]?[0-9]{1,15}\Z")
_DECIMAL = re.compile(rb"[+-]?(?:[0-9]{1,15}\.?[0-9]{0,15}|\.[0-9]{1,15})\Z")
_ANGLE = re.compile(rb"([0-9]{1,3})([0-9]{2}(?:\.[0-9]{0,12})?)\Z")
_FAMILIES = ("nmea", "rsmc", "rdss21")


def raw(field: bytes) -> bytes:
    """Keep the bytes: content may be raw GBK or binary."""
    return field


def integer(field: bytes) -> int | None:
    """Read a whole number; None when the field is empty or something else."""
    return int(field) if _INTEGER.match(field) else None


def decimal(field: bytes) -> float | None:
    """Read a decimal number; None when the field is empty or something else."""
    return float(field) if _DECIMAL.match(field) else None


def degrees(field: bytes) -> float | None:
    """Read dddmm.mmmm as unsigned degrees; None when the field is empty or no angle."""
    match = _ANGLE.match(field)
    if match is None or float(match[2]) >= 60:
        return None
    return round(int(match[1]) + float(match[2]) / 60, 7)


@dataclass(frozen=True, slots=True)
class Kind:
    """How one sentence reads.

    `columns` name and convert the fields in order; a missing trailing field is left out, extra ones are
    ignored. With `tail` the last column takes all the rest, commas and all. `finish` derives fields in
    place; a name that starts with `_` is dropped afterwards. `sender` names the field with the card
    number of who speaks (else it is the card in the machine), `own_card` says that it is that card.
    """

    columns: tuple[Column, ...] = ()
    tail: bool = False
    sender: str = ""
    own_card: bool = False
    finish: Callable[[Fields], None] | None = None
    meaning: Callable[[Fields, str], Iterator[Signal]] | None = None


RAW = Kind()
"""A sentence that nobody needs decoded: its fields as they stand."""


class Family(Protocol):
    """A module with sentences: what it is called and which sentences are its own."""

    FAMILY: str

    def find(self, head: str, content: bytes) -> Kind | None:
        """Return how this family reads a sentence, None when it belongs to another."""
        ...


def sentence(head: str, *fields: str | int | bytes) -> bytes:
    """Write one sentence with checksum and line end; text fields are encoded as GBK."""
    parts = (
        part if isinstance(part, bytes) else str(part).encode("gbk", "replace") for part in (head, *fields)
    )
    body = b",".join(parts)
    return b"$%b*%02X\r\n" % (body, xor(body))


def merge_position(fields: Fields) -> None:
    """Give `lat` and `lon` their signs from the `_ns` and `_ew` letters; None when one is out of range."""
    for name, letter, negative, limit in (("lat", "_ns", b"S", 90), ("lon", "_ew", b"W", 180)):
        angle = fields.get(name)
        if angle is not None:
            signed = -angle if fields.get(letter) == negative else angle
            fields[name] = signed if angle <= limit else None


class BeidouAsciiCodec:
    """The codec of one serial line of a Beidou machine or GNSS receiver: NMEA, RDSS 2.1 and RSMC mixed.

    A line ends with CR or LF; its checksum is the last `*hh`. GBK bytes never look like `*`, `$`, CR or
    LF. Remembers the card in the machine, which feedback and fixes do not name.
    """

    def __init__(self) -> None:
        # The three modules import this one, so their tables are looked up when a link opens.
        self._families = [cast(Family, import_module(f"app.devices.adapters.{name}")) for name in _FAMILIES]
        self._lines = Pieces(b"\n", MAX_LINE)
        self._card = ""

    def feed(self, data: bytes) -> Iterator[Reading | Garbage]:
        """Take the next bytes of the stream; everything is decoded before this returns."""
        out: list[Reading | Garbage] = []
        for line, whole in self._lines.feed(data.replace(b"\r", b"\n")):
            if line:
                out.extend(self._line(line) if whole else (Garbage(line, "oversized"),))
        return iter(out)

    def idle(self) -> Iterator[Reading | Garbage]:
        """Read a last line whose end did not come, or give it up."""
        line, whole = self._lines.give_up()
        if line and whole and _TAIL.search(line):
            yield from self._line(line)
        elif line:
            yield Garbage(line, "incomplete" if whole else "oversized")

    def _line(self, line: bytes) -> Iterator[Reading | Garbage]:
        """Read one line; lost line ends glue sentences together, content may hold `*hh$`: the sum decides."""
        parts = [(part, _find(part)) for part in _GLUED.split(line)]
        if len(parts) > 1 and any(found != 0 for _, found in parts):
            found = _find(line)
            if found == line.find(b"$"):
                parts = [(line, found)]
        for part, found in parts:
            yield from self._part(part, found)

    def _part(self, part: bytes, found: int) -> Iterator[Reading | Garbage]:
        if found < 0:
            yield Garbage(part, _why_not(part))
            return
        if found:
            yield Garbage(part[:found], "noise")
        yield self._reading(part[found:])

    def _reading(self, line: bytes) -> Reading:
        head, _, content = line[1:-3].partition(b",")
        name = head.decode("ascii")
        family, kind = self._recognise(name, content)
        fields: Fields = {"sentence": name, **_columns(kind, content)}
        sender = self._card
        if kind.sender:
            sender = _card_number(fields.get(kind.sender))
        if kind.own_card:
            self._card = sender
        if kind.finish:
            kind.finish(fields)
        signals = tuple(kind.meaning(fields, sender)) if kind.meaning else ()
        shown = {key: value for key, value in fields.items() if not key.startswith("_")}
        return Reading(family, name, sender, shown, line, signals)

    def _recognise(self, name: str, content: bytes) -> tuple[str, Kind]:
        for family in self._families:
            kind = family.find(name, content)
            if kind is not None:
                return family.FAMILY, kind
        return ("rdss21" if name.startswith(("BD", "CC")) else "nmea"), RAW


def _find(line: bytes) -> int:
    """Return where the sentence that ends this line starts, -1 when its checksum fits no `$`."""
    tail = _TAIL.search(line)
    at = line.find(b"$")
    if tail is None or at < 0:
        return -1
    want = int(tail[1], 16)
    check = xor(line[at + 1 : -3])
    while check != want or not _HEAD.match(line, at):
        after = line.find(b"$", at + 1)
        if after < 0:
            return -1
        check ^= xor(line[at + 1 : after + 1])
        at = after
    return at


def _why_not(line: bytes) -> str:
    if b"$" not in line:
        return "noise"
    return "checksum" if _TAIL.search(line) else "no checksum"


def _columns(kind: Kind, content: bytes) -> Fields:
    if not kind.columns:
        return {"fields": [gbk(field) for field in content.split(b",")]}
    fields = content.split(b",", len(kind.columns) - 1 if kind.tail else -1)
    return {name: convert(field) for (name, convert), field in zip(kind.columns, fields, strict=False)}


def _card_number(value: object) -> str:
    """Return a card number in decimal without leading zeros, as every family writes it; "" for no number."""
    digits = str(value)
    return digits.lstrip("0") or "0" if digits.isascii() and digits.isdecimal() else ""
