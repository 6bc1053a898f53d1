"""The WebSocket: bad handshakes, tickets and positions; frames that are huge, broken, unmasked or in pieces.

After every attack the service must be as well as before: an honest screen is greeted, and a ping answered.
"""

from __future__ import annotations

import base64
import json
import random
import socket
import struct
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

WITHIN_S = 10.0
AFTERS = (
    "-1",
    "0",
    "1",
    "999999999999999999",
    "9" * 40,
    "1e3",
    "0x10",
    "",
    "%00",
    "null",
    "1;2",
    "١٢",
    "1" * 5_000,
)
ORIGINS = ("", "http://evil.example", "null", "http://[::1", "\xff\xfe", "http://127.0.0.1")
SAID: tuple[Any, ...] = (
    "",
    "{}",
    "[]",
    "null",
    '"ping"',
    '{"type":"ping"}',
    '{"type":"ping","id":1}',
    '{"type":"ping","id":"x"}',
    '{"type":"ping","id":' + "9" * 3_000 + "}",
    '{"type":"subscribe"}',
    "[" * 3_000,
    '{"a":' * 900,
    "\ud800",
    "NaN",
    '{"type":"ping","id":1e999}',
    '{"type":"ping","id":1,"id":2}',
    "x" * 5_000,
    "x" * 70_000,
    "一" * 2_000,
)


@dataclass
class Seen:
    """What the attacks ended with."""

    ends: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)


class ScreenFuzzer:
    """Attacks the WebSocket of one service; `cookie` is an honest login."""

    def __init__(self, port: int, cookie: str, seed: int) -> None:
        self._port = port
        self._cookie = cookie
        self._draw = random.Random(seed)
        self.seen = Seen()

    def run(self, attacks: int) -> Seen:
        """Attack so often; ask after every tenth whether an honest screen is served still."""
        kinds = (self._handshake, self._words, self._frames, self._noise, self._flood)
        for number in range(attacks):
            kind = kinds[number % len(kinds)]
            try:
                end = kind()
            except OSError as error:
                end = type(error).__name__
            self.seen.ends[f"{kind.__name__.strip('_')}: {end}"] += 1
            if number % 10 == 9:
                self.honest()
        self.honest()
        return self.seen

    def honest(self) -> None:
        """Open a screen as a browser does, and ping."""
        try:
            with self._opened(self._request()) as line:
                head, rest = _head(line)
                assert head.startswith(b"HTTP/1.1 101"), head
                line.sendall(_frame(1, b'{"type":"ping","id":7}'))
                heard = rest
                while b'"pong"' not in heard:
                    got = line.recv(65_536)
                    assert got, heard
                    heard += got
        except (OSError, AssertionError) as error:
            self.seen.findings.append(f"an honest screen was not served: {error!r}")

    def _request(self, after: str = "", cookie: str | None = None, **more: str) -> bytes:
        headers = {
            "Host": f"127.0.0.1:{self._port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(self._draw.randbytes(16)).decode(),
            "Cookie": f"zhishou_session={self._cookie if cookie is None else cookie}",
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"GET /ws{after} HTTP/1.1\r\n{lines}\r\n".encode("utf-8", "surrogateescape")

    def _opened(self, request: bytes) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self._port), WITHIN_S)
        line.sendall(request)
        return line

    def _handshake(self) -> str:
        """Come with a wrong ticket, place to resume at, page or version."""
        draw = self._draw
        more: dict[str, str] = {}
        after, cookie = "", None
        what = draw.randrange(5)
        if what == 0:
            after = f"?after={draw.choice(AFTERS)}"
        elif what == 1:
            cookie = draw.choice(("", "x" * 8_000, "../..", "é", "0" * 43, "\x01"))
        elif what == 2:
            more = {"Origin": draw.choice(ORIGINS)}
        elif what == 3:
            more = {
                draw.choice(("Sec_WebSocket_Version", "Sec_WebSocket_Key", "Upgrade")): draw.choice(
                    ("", "0", "é")
                )
            }
        else:
            more = {"X_Long": "x" * draw.choice((10, 9_000, 70_000))}
        with self._opened(self._request(after, cookie, **more)) as line:
            head, rest = _head(line)
            return self._told(head, rest, line)

    def _words(self) -> str:
        """Say what a screen must not say."""
        said = self._draw.choice(SAID)
        data = said.encode("utf-8", "surrogatepass")
        with self._opened(self._request()) as line:
            head, rest = _head(line)
            line.sendall(_frame(self._draw.choice((1, 1, 2)), data))
            return self._told(head, rest, line)

    def _frames(self) -> str:
        """Send frames against the standard: unmasked, in pieces, reserved bits, huge lengths."""
        draw = self._draw
        pieces = (
            _frame(1, b"{}", masked=False),
            _frame(1, b'{"type":', fin=False) + _frame(0, b'"ping"}'),
            _frame(1, b"a", fin=False) + _frame(1, b"b"),
            _frame(0, b"without a beginning"),
            _frame(1, b"", fin=False) * 200 + _frame(0, b"x"),
            bytes((0x81 | draw.choice((0x40, 0x20, 0x10)), 0x80)) + b"mask",
            bytes((0x81, 0xFF))
            + struct.pack(">Q", draw.choice((2**63, 2**62, 10**9)))
            + b"mask"
            + b"x" * 100,
            bytes((0x81, 0xFE)) + struct.pack(">H", 3) + b"maskabc",
            _frame(9, b"p" * draw.choice((0, 125, 126))),
            _frame(8, draw.choice((b"", b"\x03", struct.pack(">H", draw.randrange(65_536)) + b"\xff\xfe"))),
            _frame(draw.choice((3, 4, 5, 6, 7, 11, 15)), b"reserved"),
            _frame(1, b"\xff\xfe\xfd"),
        )
        with self._opened(self._request()) as line:
            head, rest = _head(line)
            line.sendall(draw.choice(pieces))
            return self._told(head, rest, line)

    def _noise(self) -> str:
        """Send bytes before or behind the handshake."""
        noise = self._draw.randbytes(self._draw.choice((1, 7, 300, 20_000)))
        if self._draw.random() < 0.5:
            with self._opened(noise + b"\r\n\r\n") as line:
                return self._told(*_head(line), line)
        with self._opened(self._request()) as line:
            head, rest = _head(line)
            line.sendall(noise)
            return self._told(head, rest, line)

    def _flood(self) -> str:
        """Say more than a screen may say in a second, and hang up amid a frame."""
        with self._opened(self._request()) as line:
            head, rest = _head(line)
            line.sendall(_frame(1, b'{"type":"ping","id":1}') * 60 + _frame(1, b"half")[:3])
            return self._told(head, rest, line)

    def _told(self, head: bytes, rest: bytes, line: socket.socket) -> str:
        """Return how it ended: the status, or the code of the close frame. 5xx is a finding."""
        status = head[9:12].decode("latin-1")
        if status.startswith("5"):
            self.seen.findings.append(f"answered {head[:100]!r}")
        if status != "101":
            return status or "hung up"
        line.settimeout(0.3)
        heard = rest
        with suppress(TimeoutError):
            while got := line.recv(65_536):
                heard += got
        for opcode, payload in _taken(heard):
            if opcode == 8:
                code = int.from_bytes(payload[:2]) if len(payload) >= 2 else 0
                if code == 1011:
                    self.seen.findings.append("closed with 1011: the service broke")
                return str(code)
            if opcode == 1:
                json.loads(payload)
        return "served on"


def _frame(opcode: int, data: bytes, *, fin: bool = True, masked: bool = True) -> bytes:
    first = (0x80 if fin else 0) | opcode
    mark = 0x80 if masked else 0
    if len(data) < 126:
        head = bytes((first, mark | len(data)))
    elif len(data) < 65_536:
        head = bytes((first, mark | 126)) + struct.pack(">H", len(data))
    else:
        head = bytes((first, mark | 127)) + struct.pack(">Q", len(data))
    return head + (b"\0\0\0\0" if masked else b"") + data


def _head(line: socket.socket) -> tuple[bytes, bytes]:
    got = b""
    while b"\r\n\r\n" not in got:
        some = line.recv(65_536)
        if not some:
            break
        got += some
    head, _, rest = got.partition(b"\r\n\r\n")
    return head, rest


def _taken(data: bytes) -> list[tuple[int, bytes]]:
    """Take a server's frames apart."""
    found, at = [], 0
    while at + 2 <= len(data):
        opcode, size, start = data[at] & 15, data[at + 1], at + 2
        if size >= 126:
            width = 2 if size == 126 else 8
            size, start = int.from_bytes(data[start : start + width]), start + width
        if start + size > len(data):
            break
        found.append((opcode, data[start : start + size]))
        at = start + size
    return found
