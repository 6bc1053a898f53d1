"""Putting sub-packages of one long message together again (分包, §4.4.3), within bounds."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.devices.adapters.jt808.frame import Frame, Header, Terminal

MAX_BYTES = 1 << 20
"""Bytes of unfinished messages kept for one link; beyond it the oldest message is given up."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What to ask for again with 0x8003: the serial of the first part and the indexes not heard."""

    terminal: Terminal
    msg_id: int
    first_serial: int
    indexes: tuple[int, ...]
    asked: int = 0  # how often it was asked for before


@dataclass(slots=True)
class _Open:
    header: Header
    parts: dict[int, bytes] = field(default_factory=dict)
    fresh: bool = True  # whether a part came since the last look
    asked: int = 0


_Key = tuple[str, int, int]


class Assembler:
    """Collects the parts of long messages of one link; the newest are kept when they get too many."""

    __slots__ = ("_bytes", "_max_bytes", "_open")

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._open: dict[_Key, _Open] = {}
        self._bytes = 0

    def add(self, frame: Frame) -> bytes | None:
        """Take one part; return the whole body when it was the last one missing, else None.

        A part with an impossible index is left alone, a repeated part counts once. Serials of the parts
        are consecutive, so the message is known by terminal, message id and serial − index + 1.
        """
        header = frame.header
        if not 1 <= header.index <= header.total:
            return None
        key = (header.terminal.sender, header.msg_id, _first_serial(header))
        if key in self._open and self._open[key].header.total != header.total:
            self._forget(key)
        message = self._open.setdefault(key, _Open(header))
        if header.index not in message.parts:
            message.parts[header.index] = frame.body
            message.fresh = True
            self._bytes += len(frame.body) + 1
        if len(message.parts) < header.total:
            self._make_room()
            return None
        self._forget(key)
        return b"".join(message.parts[index] for index in range(1, header.total + 1))

    @property
    def unfinished(self) -> bool:
        """Whether a part of any message is still missing."""
        return bool(self._open)

    def missing(self) -> tuple[Missing, ...]:
        """Return what is still missing, oldest message first, as 0x8003 asks for it."""
        return tuple(_missing(message) for message in self._open.values())

    def stalled(self) -> tuple[Missing, ...]:
        """Return the messages that gained no part since the last call: time to ask for the rest.

        The interval between the calls is the patience; each return counts as one request.
        """
        still = [_missing(message) for message in self._open.values() if not message.fresh]
        for message in self._open.values():
            message.asked += not message.fresh
            message.fresh = False
        return tuple(still)

    def give_up(self, message: Missing) -> bytes:
        """Forget a message; return the parts that were heard, in order."""
        key = (message.terminal.sender, message.msg_id, message.first_serial)
        parts = self._open[key].parts
        self._forget(key)
        return b"".join(parts[index] for index in sorted(parts))

    def _forget(self, key: _Key) -> None:
        message = self._open.pop(key)
        self._bytes -= sum(len(part) + 1 for part in message.parts.values())

    def _make_room(self) -> None:
        while self._bytes > self._max_bytes:
            self._forget(next(iter(self._open)))


def _missing(message: _Open) -> Missing:
    header, parts = message.header, message.parts
    indexes = tuple(index for index in range(1, header.total + 1) if index not in parts)
    return Missing(header.terminal, header.msg_id, _first_serial(header), indexes, message.asked)


def _first_serial(header: Header) -> int:
    return (header.serial - header.index + 1) & 0xFFFF
