"""Frames as text in, fields as JSON-able objects out: what `zhishou decode` prints.

One line in, one object out, so that input and output can be laid side by side:

* a line with one good frame gives its fields, as named in `tests/vectors`;
* a line with bad bytes gives `{"garbage": "<hex>", "reason": "..."}`;
* a line that holds several of these gives `{"frames": [...]}` in their order;
* an empty line gives nothing.

A line is hex digits (spaces, colons and `0x` do no harm); for the families of `$…*hh` sentences and of AT
lines the sentence or line itself, for JSON the object. State spans lines as on a link: sub-packages are put
together, a card is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from app.devices.adapter import Adapter, Codec, Garbage, Reading
from app.devices.catalogue import adapters

Result = dict[str, Any]

_HEX_SPELLING = re.compile(rb"0[xX]|[\s:,-]")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2})+\Z")


def decode_lines(family: str, lines: Iterable[str | bytes]) -> Iterator[Result]:
    """Decode a device family's frames, one a line. Never raises on what a line holds.

    Raises KeyError for an unknown family, before the first line.
    """
    adapter = adapters()[family]
    return _decode(adapter, adapter.codec(), lines)


def _decode(adapter: Adapter, codec: Codec, lines: Iterable[str | bytes]) -> Iterator[Result]:
    for line in lines:
        found = _read(adapter, codec, line)
        if len(found) == 1:
            yield found[0]
        elif found:
            yield {"frames": found}


def _read(adapter: Adapter, codec: Codec, line: str | bytes) -> list[Result]:
    raw = (line if isinstance(line, bytes) else _encoded(line)).strip()
    if not raw:
        return []
    if raw.startswith(b"{"):
        return _results(codec, raw)
    digits = _HEX_SPELLING.sub(b"", raw)
    if adapter.hex_lines and _HEX.match(digits):
        return _results(codec, digits + b"\r")
    if _HEX.match(digits):
        return _results(codec, bytes.fromhex(digits.decode("ascii")))
    if adapter.text_lines:
        return _results(codec, raw + b"\r")
    if b"$" not in raw:
        return [_garbage(Garbage(raw, "not hex"))]
    results = _results(codec, raw)
    if any("garbage" in result for result in results):
        return _results(codec, _as_gbk(raw)) or results
    return results


def _encoded(line: str) -> bytes:
    """Return a line as its family has it on the wire: JSON in UTF-8, the words of a sentence in GBK."""
    return line.encode("utf-8" if line.lstrip().startswith("{") else "gbk", "replace")


def _results(codec: Codec, raw: bytes) -> list[Result]:
    """Take a line as all that came before the link fell silent."""
    got = [*codec.feed(raw), *codec.idle()]
    return [dict(one.fields) if isinstance(one, Reading) else _garbage(one) for one in got]


def _garbage(garbage: Garbage) -> Result:
    return {"garbage": garbage.raw.hex(), "reason": garbage.reason}


def _as_gbk(raw: bytes) -> bytes:
    """Return a line pasted from a UTF-8 screen as the GBK bytes that the machine sent."""
    try:
        return raw.decode("utf-8").encode("gbk")
    except UnicodeError:
        return raw
