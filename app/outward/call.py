"""One HTTP exchange: no redirect, no proxy, bounded in size. The caller bounds the time."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import httptools

from app.outward.address import Address


class Garbled(ValueError):
    """What came back is no HTTP, or longer than any answer may be."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the line from the path on, the body, further headers (ASCII).

    A body is JSON unless a header Content-Type says otherwise.
    """

    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back; header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def call(address: Address, asked: Asked, most: int, tls: ssl.SSLContext | None = None) -> Answered:
    """Ask and return the answer, whatever its status: a redirect is an answer and is not followed.

    `most` bounds the answer with its head, in bytes. Raises OSError (nobody there, hung up, a certificate
    that does not hold), Garbled.
    """
    context = (tls or ssl.create_default_context()) if address.tls else None
    reader, writer = await asyncio.open_connection(address.host, address.port, ssl=context)
    try:
        writer.write(_request(address, asked))
        await writer.drain()
        return await _answer(reader, most)
    finally:
        writer.transport.abort()  # the answer is here, or nobody waits for it any longer


def _request(address: Address, asked: Asked) -> bytes:
    headers = {"Accept": "application/json", **asked.headers}
    if asked.body:
        headers.setdefault("Content-Type", "application/json")
    lines = [
        f"{asked.method} {address.path}{asked.path} HTTP/1.1",
        f"Host: {address.netloc}",
        "Accept-Encoding: identity",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    if asked.body:
        lines.append(f"Content-Length: {len(asked.body)}")
    return "\r\n".join((*lines, "", "")).encode("ascii") + asked.body


class _Heard:
    """What the parser tells."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.headers: dict[str, str] = {}
        self.done = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, part: bytes) -> None:
        self.body += part

    def on_message_complete(self) -> None:
        self.done = True


async def _answer(reader: asyncio.StreamReader, most: int) -> Answered:
    heard = _Heard()
    parser = httptools.HttpResponseParser(heard)
    came = 0
    while not heard.done:
        part = await reader.read(16_384)
        came += len(part)
        if came > most:
            raise Garbled("longer than any answer")
        if not part:
            break  # without a length the end of the connection is the end of the answer
        try:
            parser.feed_data(part)
        except httptools.HttpParserError as error:
            raise Garbled("no HTTP") from error
    if not came:
        raise ConnectionResetError("closed without an answer")
    status = parser.get_status_code()
    if not status:
        raise Garbled("no HTTP")
    return Answered(status, heard.headers, bytes(heard.body))  # whether it is whole, its reader finds out
