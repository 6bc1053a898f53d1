"""Our reading of the usual handshake agrees with the library's; everything else is left to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.http11 import Request
from websockets.server import ServerProtocol

from app.realtime.handshake import answer, usual

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 §1.3
FIELDS = (
    (b"host", b"ours"),
    (b"upgrade", b"websocket"),
    (b"connection", b"Upgrade"),
    (b"sec-websocket-version", b"13"),
    (b"sec-websocket-key", KEY),
    (b"origin", b"http://ours"),
    (b"cookie", b"zhishou_session=x"),
)


def head(*fields: tuple[bytes, bytes], line: bytes = b"GET /ws?after=7 HTTP/1.1") -> bytes:
    return line + b"\r\n" + b"".join(name + b": " + value + b"\r\n" for name, value in fields) + b"\r\n"


def but(**told: bytes | None) -> bytes:
    """The usual head with fields changed, left out or added."""
    changed = {name.replace("_", "-").encode(): value for name, value in told.items()}
    kept = [(name, changed.pop(name, value)) for name, value in FIELDS]
    return head(*((name, value) for name, value in [*kept, *changed.items()] if value is not None))


def library(told: bytes) -> tuple[int, str | None, dict[bytes, bytes]]:
    """What the library answers: status, accept, and the fields it read."""
    protocol = ServerProtocol()
    protocol.receive_data(told)
    for event in protocol.events_received():
        assert isinstance(event, Request)
        response = protocol.accept(event)
        read = {name.lower().encode(): value.encode() for name, value in event.headers.raw_items()}
        return response.status_code, response.headers.get("Sec-WebSocket-Accept"), read
    return 400, None, {}


def test_the_example_of_the_standard_is_read_and_answered() -> None:
    asked = usual(head(*FIELDS))
    assert asked is not None
    assert (asked.path, asked.raw_path, asked.query) == ("/ws", "/ws", b"after=7")
    assert asked.fields == list(FIELDS)
    assert answer(asked.key, [(b"date", b"today")]) == (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\ndate: today\r\n\r\n"
    )


@pytest.mark.parametrize(
    "told",
    [
        but(connection=b"keep-alive, Upgrade"),
        but(upgrade=b"WebSocket"),
        but(origin=None, cookie=None),
        but(sec_websocket_extensions=b"permessage-deflate"),
        head(*FIELDS, line=b"GET /ws%E6%B0%B4 HTTP/1.1"),
    ],
)
def test_what_browsers_and_proxies_make_of_it_is_usual(told: bytes) -> None:
    asked = usual(told)
    assert asked is not None
    status, accept, read = library(told)
    assert (status, (accept or "").encode() in answer(asked.key, ())) == (101, True)
    assert dict(asked.fields) == read


@pytest.mark.parametrize(
    "told",
    [
        but(sec_websocket_version=b"8"),
        but(sec_websocket_key=b"c2hvcnQ="),
        but(sec_websocket_key=b"not base64!"),
        but(sec_websocket_key=None),
        but(upgrade=b"h2c"),
        but(connection=b"close"),
        but(sec_websocket_protocol=b"chat"),
        but(content_length=b"3"),
        but(cookie=b"a\x00b"),
        but(cookie=b"a" * 9000),
        head(*FIELDS, (b"sec-websocket-key", KEY)),
        head(*FIELDS, (b"origin", b"http://theirs")),
        head(*FIELDS, line=b"POST /ws HTTP/1.1"),
        head(*FIELDS, line=b"GET /ws HTTP/1.0"),
        head(*FIELDS)[:-2],
        b"",
    ],
)
def test_anything_else_is_left_to_the_library(told: bytes) -> None:
    assert usual(told) is None


@given(st.integers(0, len(head(*FIELDS)) - 1), st.binary(max_size=3))
def test_whatever_a_slip_makes_of_it_nothing_is_accepted_that_the_library_refuses(
    at: int, slip: bytes
) -> None:
    whole = head(*FIELDS)
    told = whole[:at] + slip + whole[at + len(slip) :]
    asked = usual(told)
    if asked is not None:
        status, accept, _ = library(told)
        assert status == 101
        assert accept is not None and accept.encode() in answer(asked.key, ())
