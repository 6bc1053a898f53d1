"""The load client, a process of its own: many WebSockets on bare asyncio, counted rather than decoded.

`fan-out`: connect, say "ready", then count bytes until every client has them all.
`resume`: connect everybody at once with `after`, then check every seq up to `until`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import time
from typing import cast

import uvloop

WITHIN_S = 120.0
_SEQ = re.compile(rb'\{"seq":(\d+)')
_HANDSHAKE = (
    "GET /ws{query} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Client(asyncio.Protocol):
    """One screen. `done` is called when it has everything it waits for."""

    def __init__(self, query: str, wants: int, fleet: Fleet) -> None:
        self.request = _HANDSHAKE.format(query=query).encode()
        self.fleet = fleet
        self.wants = wants  # bytes of events, or the last seq
        self.received = 0
        self.rest = b""
        self.greeted = False
        self.seqs: list[int] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.Transport, transport).write(self.request)

    def data_received(self, data: bytes) -> None:
        if not self.greeted:
            self.rest += data
            head, _, body = self.rest.partition(b"\r\n\r\n")
            if len(body) < 2 or len(body) < 2 + body[1]:
                return  # the hello is short: its length stands in the second octet
            if b" 101 " not in head:
                raise ConnectionError(head)
            self.greeted, self.rest = True, b""
            data = body[2 + body[1] :]
            self.fleet.arrived()
        if self.fleet.resuming:
            self.check(data)
        else:
            self.received += len(data)
            if self.received >= self.wants:
                self.fleet.finished()

    def check(self, data: bytes) -> None:
        """Note every seq; one may be cut in two by the network, so whole frames are looked at."""
        data = self.rest + data
        at = 0
        while len(data) >= at + 4:
            size, start = data[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(data[at + 2 : at + 4]), at + 4
            if len(data) < start + size:
                break
            found = _SEQ.match(data, start)
            if found:
                self.seqs.append(int(found[1]))
            at = start + size
        self.rest = data[at:]
        if self.seqs and self.seqs[-1] >= self.wants and not self.received:
            self.received = 1
            self.fleet.finished()


class Fleet:
    """All clients of one measurement."""

    def __init__(self, count: int, *, resuming: bool) -> None:
        self.count = count
        self.resuming = resuming
        self.greeted = 0
        self.complete = 0
        self.all_greeted = asyncio.Event()
        self.all_complete = asyncio.Event()

    def arrived(self) -> None:
        """One more is greeted."""
        self.greeted += 1
        if self.greeted == self.count:
            self.all_greeted.set()

    def finished(self) -> None:
        """One more has everything."""
        self.complete += 1
        if self.complete == self.count:
            self.all_complete.set()


async def run(
    port: int, count: int, *, wants: int, after: int | None, audiences: int, within_s: float
) -> None:
    """Connect everybody, wait until all have what they want, report as one JSON line."""
    fleet = Fleet(count, resuming=after is not None)
    query = "" if after is None else f"&after={after}"
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    clients = [Client(f"?audience={n % audiences}{query}", wants, fleet) for n in range(count)]
    await asyncio.gather(*(loop.create_connection(lambda c=c: c, "127.0.0.1", port) for c in clients))  # type: ignore[misc]
    async with asyncio.timeout(within_s):
        await fleet.all_greeted.wait()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        if not fleet.resuming:
            began = time.perf_counter()
        await fleet.all_complete.wait()
    took = time.perf_counter() - began
    expected = [] if after is None else list(range(after + 1, wants + 1))
    lost = sum(len(set(expected) - set(client.seqs)) for client in clients) if fleet.resuming else 0
    doubled = sum(len(client.seqs) - len(set(client.seqs)) for client in clients)
    disordered = sum(client.seqs != sorted(client.seqs) for client in clients)
    sys.stdout.write(
        json.dumps({"s": took, "lost": lost, "doubled": doubled, "disordered": disordered}) + "\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--wants", type=int, required=True)
    parser.add_argument("--after", type=int)
    parser.add_argument("--audiences", type=int, default=1)
    parser.add_argument("--within-s", type=float, default=WITHIN_S)
    arguments = parser.parse_args()
    asked = vars(arguments)
    uvloop.run(run(asked.pop("port"), asked.pop("count"), **asked))
