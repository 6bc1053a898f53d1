"""T1: JT/T 808 location reports (0x0200) decoded on one core, to readings with their signals.

The limit in the same run: the same frames split, unescaped, checked and unpacked by `struct` alone, which
builds nothing that anybody could use.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import xor

from app.devices.adapter import Reading
from app.devices.adapters.jt808 import Jt808Codec, Terminal, encode
from benchmarks.result import Result

FRAMES = 5_000
CHUNK = 4096  # bytes as they come from a socket
PROMISE = 40_000
_HEAD = struct.Struct(">HH6sH")
_LOCATION = struct.Struct(">IIIIHHH6s")


def measure(repetitions: int = 9) -> Iterator[Result]:
    """Interleave both; the best repetition counts: whatever disturbs only slows down."""
    stream = b"".join(_frames())
    chunks = [stream[at : at + CHUNK] for at in range(0, len(stream), CHUNK)]
    ours = limit = 0.0
    for _ in range(repetitions):
        ours = max(ours, _rate(_decode, chunks))
        limit = max(limit, _rate(_unpack, chunks))
    note = f"best of {repetitions}; each of its own terminal, time and place; the promise is {PROMISE:,}"
    yield Result("T1", "JT808 0x0200 decoded on one core", "frames/s", ours, {"struct only": limit}, note)


def _frames() -> Iterator[bytes]:
    began = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
    for n in range(FRAMES):
        body = encode.location(
            115.4 + n / 1e4,
            28.05 + n / 2e4,
            began + timedelta(seconds=n),
            altitude_m=33,
            speed_mps=n % 30,
            course_deg=n % 360,
            items=((0x01, n.to_bytes(4, "big")), (0x30, b"\x15"), (0x31, b"\x0c")),
        )
        yield encode.encode(encode.LOCATION, body, to=Terminal.v2013(str(13_800_000_000 + n)), serial=n)


def _rate(read: Callable[[list[bytes]], int], chunks: list[bytes]) -> float:
    began = time.process_time()
    count = read(chunks)
    took = time.process_time() - began
    if count != FRAMES:
        raise RuntimeError(f"{count} of {FRAMES} frames were read")
    return FRAMES / took


def _decode(chunks: list[bytes]) -> int:
    codec = Jt808Codec()
    return sum(isinstance(one, Reading) for chunk in chunks for one in codec.feed(chunk))


def _unpack(chunks: list[bytes]) -> int:
    count = 0
    rest = b""
    for chunk in chunks:
        *pieces, rest = (rest + chunk).split(b"\x7e")
        for piece in pieces:
            if not piece:
                continue
            data = piece.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")
            if reduce(xor, data):
                continue
            _HEAD.unpack_from(data)
            _LOCATION.unpack_from(data, _HEAD.size)
            count += 1
    return count
