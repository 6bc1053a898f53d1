"""Mutations of bytes that stay near what a reader knows: bits, lengths, pieces of samples, its words."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence

MOST = 300_000
_NUMBERS = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff")
_TEXTS = (
    b"-1",
    b"99999999999999999999",
    b"1e999",
    b"NaN",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\r\n",
    b"]]>",
    b"&lt;",
    b"&#0;",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"<a>" * 200,
    b"$",
    b"*",
    b",",
    b"\x7e",
    b"\x7d\x01",
    b"\x00" * 64,
    b"\xed\xa0\x80",
    "٣".encode(),
    "一".encode(),
)


def mutated(seeds: Sequence[bytes], draw: random.Random) -> bytes:
    """Return one of the seeds, changed in one to six places."""
    data = draw.choice(seeds)
    if data.startswith(b"PK\x03\x04") and draw.random() < 0.8:
        return _zip(data, draw)
    for _ in range(draw.choice((1, 1, 2, 3, 6))):
        data = _once(data, seeds, draw)[:MOST]
    return data


def _once(data: bytes, seeds: Sequence[bytes], draw: random.Random) -> bytes:
    at = draw.randint(0, len(data))
    to = min(len(data), at + draw.choice((1, 2, 4, 16, 200)))
    kind = draw.randrange(8)
    if kind == 0 and at < len(data):
        return data[:at] + bytes((data[at] ^ (1 << draw.randrange(8)),)) + data[at + 1 :]
    if kind == 1:
        return data[:at] + data[to:]
    if kind == 2:
        return data[:at] + data[at:to] * draw.choice((2, 3, 50)) + data[to:]
    if kind == 3:
        return data[:at] + draw.choice(_NUMBERS) + data[to:]
    if kind == 4:
        return data[:at] + draw.choice(_TEXTS) + data[draw.choice((at, to)) :]
    if kind == 5:
        other = draw.choice(seeds)
        return data[:at] + other[draw.randint(0, len(other)) :]
    if kind == 6:
        return data[:at] + draw.randbytes(draw.choice((1, 3, 40)))
    return data[:at]


def _zip(data: bytes, draw: random.Random) -> bytes:
    """Change a part within an archive, and pack it again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chosen = draw.choice(sorted(parts))
    parts[chosen] = _once(parts[chosen], list(parts.values()), draw)[:MOST]
    if draw.random() < 0.1:
        del parts[draw.choice(sorted(parts))]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()
