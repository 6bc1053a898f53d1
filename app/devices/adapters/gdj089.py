"""Loudspeaker terminals over IP by GD/J 089-2018, Annexes D and E (应急广播IP终端). Experimental (试验).

Frames are read, none is sent: `zhishou decode gdj089` tells what a recording holds. The standard leaves open
how a terminal is reached and contradicts itself where it matters (docs/decisions/0033-ip-loudspeakers.md);
nothing here was tried with a device. Both heads are read, and both ways to end a frame that is not signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from app.devices.adapter import Adapter, Garbage, Reading
from app.devices.adapters.gdj089_data import FIELDS, BadData, Data, read_ack
from app.signals import Presence, Signal, Trouble

FAMILY = "gdj089"
MARK = b"\xfe\xfd\x01\x00"  # the head's mark and version 1.0 (table D.1)
MAX_FRAME = 4096
_CODE = 12  # octets of a resource code: F and 23 digits
_HEADS = (12, 11)
"""Octets of a head: of Annex D, with a sign octet, and of Annex E, the return channel, without."""
_KINDS = {1: "request", 2: "ack"}


def crc32(data: bytes) -> int:
    """Return CRC-32/MPEG-2: 04C11DB7, not reflected, nothing at the end; "123456789" gives 0376E6E7."""
    crc = 0xFFFFFFFF
    for octet in data:
        crc = (crc << 8) & 0xFFFFFFFF ^ _TABLE[crc >> 24 ^ octet]
    return crc


def _entry(octet: int) -> int:
    crc = octet << 24
    for _ in range(8):
        crc = (crc << 1 ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    return crc


_TABLE = tuple(_entry(octet) for octet in range(256))


class Gdj089Codec:
    """Cuts frames out of a stream: a mark, a length that fits one of the two heads, a checksum."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._lost = bytearray()

    def feed(self, data: bytes) -> Iterator[Reading | Garbage]:
        """Take the next bytes of the stream; everything is decoded before this returns."""
        out: list[Reading | Garbage] = []
        for at in range(0, len(data), MAX_FRAME):  # so that little is held, however much comes at once
            self._held += data[at : at + MAX_FRAME]
            out += self._read(last=False)
        return iter(out)

    def idle(self) -> Iterator[Reading | Garbage]:
        """Give up what is incomplete; a whole frame behind a false mark is still found."""
        out = self._read(last=True)
        self._give_up(out, 1)
        return iter(out)

    def _read(self, *, last: bool) -> list[Reading | Garbage]:
        out: list[Reading | Garbage] = []
        while self._held:
            start = self._held.find(MARK)
            if start < 0:
                self._lose(out, len(self._held) if last else max(0, len(self._held) - len(MARK) + 1))
                break
            if start:
                self._lose(out, start)
            frame, waits = self._frame()
            if frame is not None:
                self._give_up(out, 1)
                out.append(frame)
                del self._held[: len(frame.raw)]
            elif waits and not last:
                break
            else:
                self._lose(out, 1)
        return out

    def _frame(self) -> tuple[Reading | None, bool]:
        """Return the frame that begins here, or whether more octets could still make one."""
        if len(self._held) < max(_HEADS):
            return None, True
        sizes = sorted((int.from_bytes(self._held[head - 2 : head], "big"), head) for head in _HEADS)
        for size, head in sizes:
            if not head + 2 * _CODE + 9 <= size <= MAX_FRAME:
                continue
            if size > len(self._held):
                return None, True
            raw = bytes(self._held[:size])
            if crc32(raw[:-4]) == int.from_bytes(raw[-4:], "big"):
                reading = _reading(raw, head)
                if reading is not None:
                    return reading, False
        return None, False

    def _lose(self, out: list[Reading | Garbage], count: int) -> None:
        self._lost += self._held[:count]
        del self._held[:count]
        self._give_up(out, MAX_FRAME)

    def _give_up(self, out: list[Reading | Garbage], least: int) -> None:
        while len(self._lost) >= least:
            out.append(Garbage(bytes(self._lost[:MAX_FRAME]), "frame"))
            del self._lost[:MAX_FRAME]


def _reading(raw: bytes, head: int) -> Reading | None:
    """Return what a frame with a good checksum says; None when its parts do not fill it."""
    data = Data(raw[head:-4])
    try:
        source = data.code(_CODE)
        targets = [data.code(_CODE) for _ in range(data.number(2))]
        business = data.number(1)
        content = Data(data.take(data.number(2)))
        signature = data.take(data.number(2)) if data.left else None
        if data.left:
            raise BadData
        kind = _KINDS[raw[8]]
        name, read = FIELDS[business] if kind == "request" else ("ack", read_ack)
        told = read(content)
        if content.left:
            raise BadData
    except (BadData, KeyError):
        return None
    fields: dict[str, Any] = {
        "session": int.from_bytes(raw[4:8], "big"),
        "type": kind,
        "business": business,
        "name": name,
        "source": source,
        "targets": targets,
        "signed": bool(signature),
        **told,
    }
    meaning = _MEANING.get(name)
    signals = () if meaning is None else tuple(meaning(fields))
    return Reading(FAMILY, name, source, MappingProxyType(fields), raw, signals)


def _heart_beat(fields: Mapping[str, Any]) -> Iterator[Signal]:
    yield Presence(online=True)
    if fields["state"] == "fault":
        yield Trouble("fault", f"heart-beat-{fields['session']}")


def _fault(fields: Mapping[str, Any]) -> Iterator[Signal]:
    yield Trouble("fault", f"fault-{fields['session']}", fields["text"])


_MEANING: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Signal]]] = MappingProxyType(
    {"heart_beat": _heart_beat, "fault": _fault}
)

ADAPTER = Adapter(
    family=FAMILY,
    title_zh="应急广播IP终端 GD/J 089(试验)",
    title_en="IP loudspeaker terminal, GD/J 089 (experimental)",
    codec=Gdj089Codec,
)
