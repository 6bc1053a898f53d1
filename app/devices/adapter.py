"""What every device family provides: a codec that never raises, and the words it can send."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.signals import Signal


@dataclass(frozen=True, slots=True)
class Reading:
    """One good frame.

    `sender` is the device's identity as it stands on the wire (JT808 phone BCD, Beidou card number
    in decimal without leading zeros), `kind` the frame's name (`0x0200`, `TXXX`, `BDTXR`), `fields`
    the decoded content as printed by `zhishou decode`, `signals` what it means to the centre.
    """

    family: str
    kind: str
    sender: str
    fields: Mapping[str, Any]
    raw: bytes
    signals: tuple[Signal, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Garbage:
    """Bytes that are no frame. A value, never an exception: counted, logged in hex, the link lives."""

    raw: bytes
    reason: str


class Codec(Protocol):
    """An incremental decoder for one link. `feed` may be called with any split of the byte stream."""

    def feed(self, data: bytes) -> Iterator[Reading | Garbage]:
        """Take the next bytes of the stream; yield what they complete. Never raises on bad bytes."""
        ...

    def idle(self) -> Iterator[Reading | Garbage]:
        """Give up a partial frame as Garbage: the line fell silent (about 1 s)."""
        ...


@dataclass(frozen=True, slots=True)
class Adapter:
    """A device family: one file, found by the catalogue through its module-level `ADAPTER`.

    `text_lines`: its wire carries lines of text too (AT answers), so `zhishou decode` takes them as they
    stand; `hex_lines`: its frames are written on the wire as hex digits, so those are not turned to bytes.

    With `datagrams` the family has no framing of its own: the codec is fed one whole datagram at a time
    and keeps nothing. UDP's own checksum guards such frames, so a frame's may be wrong if the reading says
    so (`checksum_ok` false).
    """

    family: str
    title_zh: str
    title_en: str
    codec: Callable[[], Codec]
    text_lines: bool = False
    hex_lines: bool = False
    datagrams: bool = False
