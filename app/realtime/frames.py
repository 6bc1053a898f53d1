"""WebSocket text frames as a server writes them (RFC 6455 §5.2): unmasked, unfragmented, uncompressed."""

from __future__ import annotations

from collections.abc import Iterator

_FIN_TEXT = 0x81  # §5.2: FIN set, opcode %x1
_TWO_BYTES, _EIGHT_BYTES = 126, 127  # §5.2: the length follows in 2 or 8 octets


def frame(text: str) -> bytes:
    """Return the text as one finished frame."""
    payload = text.encode()
    size = len(payload)
    if size < _TWO_BYTES:
        return bytes((_FIN_TEXT, size)) + payload
    if size < 1 << 16:
        return bytes((_FIN_TEXT, _TWO_BYTES)) + size.to_bytes(2) + payload
    return bytes((_FIN_TEXT, _EIGHT_BYTES)) + size.to_bytes(8) + payload


def texts(frames: bytes) -> Iterator[str]:
    """Take frames made by `frame` apart again, for servers that only take texts."""
    at = 0
    while at < len(frames):
        size, start = frames[at + 1], at + 2
        if size >= _TWO_BYTES:
            width = 2 if size == _TWO_BYTES else 8
            size, start = int.from_bytes(frames[start : start + width]), start + width
        at = start + size
        yield frames[start:at].decode()
