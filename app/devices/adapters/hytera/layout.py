"""Tables of fields: how a payload is read, column by column, without ever raising."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Order = Literal["big", "little"]
Fields = dict[str, Any]
Column = tuple[str, Callable[["Cursor"], Any]]


class Cursor:
    """Takes values off the front of a payload; `short` turns True when one was not there."""

    def __init__(self, data: bytes, order: Order = "big") -> None:
        self._data = data
        self._order = order
        self._at = 0
        self.short = False

    @property
    def left(self) -> int:
        """Bytes not yet taken."""
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        """Return the next bytes; zeros (and `short`) when there are fewer."""
        part = self._data[self._at : self._at + count]
        self._at += len(part)
        if len(part) < count:
            self.short = True
        return part.ljust(count, b"\0")

    def number(self, size: int, *, signed: bool = False) -> int:
        """Return the next number in the service's own byte order."""
        return int.from_bytes(self.take(size), self._order, signed=signed)


@dataclass(frozen=True, slots=True)
class Layout:
    """One message: its name (as `zhishou decode` prints it) and its columns in their order."""

    name: str
    columns: tuple[Column, ...] = ()


def u8(cursor: Cursor) -> int:
    """Read an unsigned byte."""
    return cursor.number(1)


def u16(cursor: Cursor) -> int:
    """Read an unsigned 16-bit number."""
    return cursor.number(2)


def u32(cursor: Cursor) -> int:
    """Read an unsigned 32-bit number."""
    return cursor.number(4)


def i16(cursor: Cursor) -> int:
    """Read a signed 16-bit number (RSSI in dBm)."""
    return cursor.number(2, signed=True)


def radio_ip(cursor: Cursor) -> Fields:
    """Read a RadioIP: a subnet byte and the 24-bit radio id, big endian in every service."""
    raw = cursor.take(4)
    return {"subnet": raw[0], "id": int.from_bytes(raw[1:], "big")}


def digits(count: int) -> Callable[[Cursor], str]:
    """Return a column of ASCII digits (times `yyyyMMddHHmmss`, intervals `ddHHmmss`)."""
    return lambda cursor: cursor.take(count).decode("ascii", "replace").rstrip("\0")


def optional(column: Callable[[Cursor], Any]) -> Callable[[Cursor], Any]:
    """Return a column that some devices leave out: None when the payload ends before it."""
    return lambda cursor: column(cursor) if cursor.left else None


def read_columns(layout: Layout, cursor: Cursor) -> Fields | None:
    """Return the fields, what follows them as `extra` in hex; None when the payload is too short."""
    fields: Fields = {"msg": layout.name}
    fields.update((name, column(cursor)) for name, column in layout.columns)
    if cursor.left:
        fields["extra"] = cursor.take(cursor.left).hex()
    return None if cursor.short else fields


def ip(radio: int, subnet: int) -> bytes:
    """Write a RadioIP. Raises ValueError for what is no radio id of 24 bits (1 to 16,777,215)."""
    if not 0 < radio < 1 << 24:
        raise ValueError(f"{radio} is no radio id")
    return bytes((subnet,)) + radio.to_bytes(3, "big")
