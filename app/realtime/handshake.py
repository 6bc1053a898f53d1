"""The usual opening handshake of a WebSocket (RFC 6455 §4.2), read and answered without a library's detours.

A browser's handshake says the same few things each time. Whatever says more or something else (a subprotocol,
a field twice, another version) is left to the library, which knows what to answer.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # §1.3
_MOST_BYTES, _MOST_FIELDS = 8192, 100
_FIELDS = re.compile(rb"(?:[-!#$%&'*+.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n")  # RFC 9110 §5
_ONCE = (b"connection", b"upgrade", b"sec-websocket-key", b"sec-websocket-version")
_NEVER = (b"sec-websocket-protocol", b"content-length", b"transfer-encoding")

Fields = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asks for: path and query as they came, the fields with their names in lower case."""

    raw_path: str
    query: bytes
    fields: list[tuple[bytes, bytes]]
    key: bytes

    @property
    def path(self) -> str:
        """The path as a person reads it."""
        return unquote(self.raw_path)


def usual(head: bytes) -> Asked | None:
    """Return what a whole head asks for; None when it is not the usual handshake, or not a good one."""
    request, _, rest = head.partition(b"\r\n")
    method, _, target = request.removesuffix(b" HTTP/1.1").partition(b" ")
    if method != b"GET" or not request.endswith(b" HTTP/1.1") or not _FIELDS.fullmatch(rest):
        return None
    lines = rest[:-4].split(b"\r\n")
    if len(head) > _MOST_BYTES or len(lines) > _MOST_FIELDS:
        return None
    fields = [(name.lower(), value.strip(b" \t")) for name, _, value in (x.partition(b":") for x in lines)]
    names = [name for name, _ in fields]
    if any(names.count(name) != 1 for name in _ONCE) or any(name in names for name in _NEVER):
        return None
    known = dict(fields)
    key = known[b"sec-websocket-key"]
    if names.count(b"origin") > 1 or not _is_right(known) or not _is_key(key) or not _is_target(target):
        return None
    path, _, query = target.partition(b"?")
    return Asked(path.decode(), query, fields, key)


def answer(key: bytes, more: Fields) -> bytes:
    """Return the head that accepts (§4.2.2), with further fields."""
    accepted = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
    told = [
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: ",
        accepted,
        b"\r\n",
    ]
    for name, value in more:
        told += [name, b": ", value, b"\r\n"]
    return b"".join([*told, b"\r\n"])


def _is_right(known: dict[bytes, bytes]) -> bool:
    """§4.2.1: an upgrade to websocket of version 13."""
    options = [option.strip().lower() for option in known[b"connection"].split(b",")]
    return (
        b"upgrade" in options
        and known[b"upgrade"].lower() == b"websocket"
        and known[b"sec-websocket-version"] == b"13"
    )


def _is_key(key: bytes) -> bool:
    """§4.1: sixteen bytes in base64."""
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except binascii.Error:
        return False


def _is_target(target: bytes) -> bool:
    return target.isascii() and b" " not in target
