"""One HTTP request to the configured road service, nowhere else: no redirect, no proxy, bounded in size."""

from __future__ import annotations

import asyncio
import ssl

import httptools

from app.dispatch.recommendation.roads.dialects import Address, Nonsense, Question

MOST_BYTES = 256 * 1024  # sixteen durations need one; the head of the answer counts as well


class Refused(Exception):
    """The service answered with another status than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


async def exchange(address: Address, asked: Question) -> bytes:
    """Ask and return the body of the answer. The caller bounds the time.

    Raises OSError (nobody there, hung up), Refused (another status than 200), Nonsense (no HTTP, too long).
    """
    context = ssl.create_default_context() if address.tls else None
    reader, writer = await asyncio.open_connection(address.host, address.port, ssl=context)
    try:
        writer.write(_request(address, asked))
        await writer.drain()
        return await _answer(reader)
    finally:
        writer.transport.abort()  # the answer is here, or nobody waits for it any longer


def _request(address: Address, asked: Question) -> bytes:
    lines = [
        f"{asked.method} {address.path}{asked.path} HTTP/1.1",
        f"Host: {address.netloc}",
        "Accept: application/json",
        "Accept-Encoding: identity",
        "Connection: close",
    ]
    if asked.body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(asked.body)}"]
    return "\r\n".join((*lines, "", "")).encode("ascii") + asked.body


class _Heard:
    """What the parser tells."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.done = False

    def on_body(self, part: bytes) -> None:
        self.body += part

    def on_message_complete(self) -> None:
        self.done = True


async def _answer(reader: asyncio.StreamReader) -> bytes:
    heard = _Heard()
    parser = httptools.HttpResponseParser(heard)
    came = 0
    while not heard.done:
        part = await reader.read(16_384)
        came += len(part)
        if came > MOST_BYTES:
            raise Nonsense("longer than any answer")
        if not part:
            break  # without a length the end of the connection is the end of the answer
        try:
            parser.feed_data(part)
        except httptools.HttpParserError as error:
            raise Nonsense("no HTTP") from error
    if not came:
        raise ConnectionResetError("closed without an answer")
    status = parser.get_status_code()
    if not status:
        raise Nonsense("no HTTP")
    if status != 200:
        raise Refused(status)
    return bytes(heard.body)  # whether it is whole, its reader finds out
