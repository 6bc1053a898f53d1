"""The frame of RDSS 4.0 and the incremental decoder of one link (protocols/beidou.md §1.1)."""

from __future__ import annotations

from collections.abc import Iterator

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.rdss40.contents import decode_content
from app.devices.adapters.stream import xor

FAMILY = "rdss40"
OVERHEAD = 11
"""Bytes around the content: head 5, length 2, user address 3, checksum 1."""

MAX_FRAME = 2048
MAX_NOISE = 4096
"""Bytes of noise reported as one piece at most."""

HEADS = frozenset(
    # host to terminal
    b"GLJC DWSQ TXSQ HXSZ DHSQ DSSQ SCSC ZBZH JSZL WMCS CKSC ICJC JJZH ZHSQ BSSZ GXZR GXDQ XTZJ LZSZ LZDQ "
    b"SJSC BBDQ XHDQ JMSZ "
    # terminal to host
    b"GLZK DWXX TXXX TXHZ KLSB ICXX ZJXX LZXX SJXX BBXX XHXX GLXX FKXX "
    # makers' satellite navigation frames
    b"GNTX GNPX GNVX GPSX GPSP".split()
)

_PREFIXES = frozenset(head[:size] for head in HEADS for size in range(5))


def build_frame(head: str, user: int, content: bytes) -> bytes:
    """Write one frame; `user` is the card in the machine, 0 before it is known."""
    length = len(content) + OVERHEAD
    data = b"$" + head.encode("ascii") + length.to_bytes(2, "big") + user.to_bytes(3, "big") + content
    return data + bytes((xor(data),))


class Rdss40Codec:
    """Frames have a length and no escaping, so a payload may look like a head.

    A candidate is a `$` with a known head and a possible length; when its checksum fails the search goes
    on one byte further, so that a damaged length swallows no good frame behind it.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._noise = bytearray()
        self._reason = ""

    def feed(self, data: bytes) -> Iterator[Reading | Garbage]:
        """Take the next bytes of the stream; everything is decoded before this returns."""
        self._buffer += data
        return iter(self._scan(last=False))

    def idle(self) -> Iterator[Reading | Garbage]:
        """Give up a frame whose rest did not come; a good frame inside it is still found."""
        return iter([*self._scan(last=True), *self._flush()])

    def _scan(self, *, last: bool) -> list[Reading | Garbage]:
        out: list[Reading | Garbage] = []
        buffer = self._buffer
        done = 0
        while (at := buffer.find(b"$", done)) >= 0:
            out.extend(self._skip(buffer[done:at]))
            done = at
            verdict = _look(buffer, at)
            if isinstance(verdict, bytes):
                out.extend(self._flush())
                out.append(_read(verdict))
                done += len(verdict)
                continue
            if verdict == "incomplete" and not last:
                break
            self._reason = self._reason or verdict
            out.extend(self._skip(b"$"))
            done += 1
        else:
            out.extend(self._skip(buffer[done:]))
            done = len(buffer)
        del buffer[:done]
        return out

    def _skip(self, data: bytes | bytearray) -> Iterator[Garbage]:
        """Put bytes aside as noise, in the same pieces whatever the split of the stream."""
        self._noise += data
        while len(self._noise) > MAX_NOISE:
            yield Garbage(bytes(self._noise[:MAX_NOISE]), self._reason or "noise")
            del self._noise[:MAX_NOISE]
            self._reason = ""

    def _flush(self) -> Iterator[Garbage]:
        if self._noise:
            yield Garbage(bytes(self._noise), self._reason or "noise")
        self._noise.clear()
        self._reason = ""


def _look(buffer: bytearray, at: int) -> bytes | str:
    """Return the good frame that starts here, or why there is none ("" for a `$` without a head)."""
    if bytes(buffer[at + 1 : at + 5]) not in _PREFIXES:
        return ""
    if len(buffer) < at + 7:
        return "incomplete"
    length = int.from_bytes(buffer[at + 5 : at + 7], "big")
    if not OVERHEAD <= length <= MAX_FRAME:
        return "length"
    if len(buffer) < at + length:
        return "incomplete"
    frame = bytes(buffer[at : at + length])
    return "checksum" if xor(frame) else frame


def _read(frame: bytes) -> Reading:
    head = frame[1:5].decode("ascii")
    fields, sender, signals = decode_content(head, int.from_bytes(frame[7:10], "big"), frame[10:-1])
    return Reading(FAMILY, head, sender, fields, frame, signals)
