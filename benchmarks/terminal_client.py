"""The load client of terminals, a process of its own: thousands of JT/T 808 connections on bare asyncio.

It connects and authenticates everybody, says "ready", and holds the lines. A line with a number of seconds
on its standard input lets everybody report every ten seconds for so long; the outcome is one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from typing import cast

import uvloop

from app.devices.adapter import Reading
from app.devices.adapters.jt808 import Jt808Codec, Terminal, encode
from app.preflight import raise_file_limit

CODE = "bench-code"
EVERY_S = 10.0
AT_ONCE = 100  # connections being opened at the same time
WAIT_FOR_LAST_S = 30


class Line(asyncio.Protocol):
    """One terminal."""

    def __init__(self, number: int, waits: list[float]) -> None:
        self.to = Terminal.v2013(str(number))
        self.waits = waits
        self.codec = Jt808Codec()
        self.serial = 0
        self.sent_at: dict[int, float] = {}
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._say(encode.AUTHENTICATE, encode.authenticate(CODE, to=self.to))

    def data_received(self, data: bytes) -> None:
        for reading in self.codec.feed(data):
            if isinstance(reading, Reading) and reading.kind == "0x8001":
                self._acknowledged(reading.fields["body"])

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("hung up"))

    def report(self) -> None:
        """Say where we are: somewhere else each time."""
        lon = 115.4 + self.serial / 1e4
        self.sent_at[self.serial] = time.perf_counter()
        body = encode.location(lon, 28.05, datetime.now(UTC), items=((0x30, b"\x15"), (0x31, b"\x0c")))
        self._say(encode.LOCATION, body)

    def _say(self, msg_id: int, body: bytes) -> None:
        self.transport.write(encode.encode(msg_id, body, to=self.to, serial=self.serial))
        self.serial += 1

    def _acknowledged(self, body: dict[str, int | str]) -> None:
        if body["result"] != 0:
            raise RuntimeError(f"refused: {body}")
        if not self.ready.done():
            self.ready.set_result(None)
        elif (at := self.sent_at.pop(int(body["ack_serial"]), None)) is not None:
            self.waits.append(time.perf_counter() - at)


async def run(port: int, first: int, count: int) -> None:
    """Connect everybody, then do what is asked."""
    loop = asyncio.get_running_loop()
    waits: list[float] = []
    lines = [Line(first + n, waits) for n in range(count)]
    gate = asyncio.Semaphore(AT_ONCE)

    async def connect(line: Line) -> None:
        async with gate:
            await loop.create_connection(lambda: line, "127.0.0.1", port)
            await line.ready

    await asyncio.gather(*(connect(line) for line in lines))
    print("ready", flush=True)
    while order := (await asyncio.to_thread(sys.stdin.readline)).strip():
        sent = await _report(lines, float(order))
        waits.sort()
        told = {
            "sent": sent,
            "acknowledged": len(waits),
            "p50_ms": 1000 * waits[len(waits) // 2],
            "p99_ms": 1000 * waits[int(len(waits) * 0.99)],
        }
        print(json.dumps(told), flush=True)


async def _report(lines: list[Line], for_s: float) -> int:
    """Let the lines report one after the other, evenly over ten seconds, again and again."""
    began = time.perf_counter()
    sent = 0
    rounds = int(for_s / EVERY_S)
    for n in range(rounds * len(lines)):
        ahead_s = n * EVERY_S / len(lines) - (time.perf_counter() - began)
        if ahead_s > 0.005:
            await asyncio.sleep(ahead_s)
        elif n % 50 == 0:
            await asyncio.sleep(0)
        lines[n % len(lines)].report()
        sent += 1
    patience = time.perf_counter() + WAIT_FOR_LAST_S
    while any(line.sent_at for line in lines) and time.perf_counter() < patience:  # noqa: ASYNC110 - no event
        await asyncio.sleep(0.1)
    return sent


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("first", type=int)
    parser.add_argument("count", type=int)
    arguments = parser.parse_args()
    raise_file_limit()
    uvloop.run(run(arguments.port, arguments.first, arguments.count))
