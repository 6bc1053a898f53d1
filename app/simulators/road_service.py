"""A road service as a county runs it: OSRM's table and Valhalla's matrix over real TCP, and its bad days."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.tracking.distance import distance_m

Way = Callable[[float, float, float, float], float | None]
_TABLE = re.compile(r"/table/v1/driving/([-0-9.,;]+)\Z")


def forty_kmh(lon: float, lat: float, to_lon: float, to_lat: float) -> float | None:
    """Return the seconds along a straight road at 40 km/h."""
    return round(distance_m(lon, lat, to_lon, to_lat) / (40 / 3.6), 1)


class RoadServiceSimulator:
    """Both dialects at one port. Use it as `async with RoadServiceSimulator().serving() as roads:`.

    `way` is how long it takes; None: no road. To stage trouble: `silent` accepts and never answers, `raw` is
    said instead of an answer, `status` goes with an error. `asked` are the requests so far.
    """

    def __init__(self, way: Way = forty_kmh) -> None:
        self.way = way
        self.silent = False
        self.raw: bytes | None = None
        self.status = 200
        self.asked: list[str] = []
        self.port = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[RoadServiceSimulator]:
        """Listen on the loopback while the block lasts."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for writer in list(self._open):
                writer.transport.abort()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(writer)
        self._tasks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._speak(reader, writer)
        finally:
            self._open.discard(writer)
            self._tasks.discard(task)
            writer.close()

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        length = re.search(r"(?im)^content-length: *(\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        method, target, _ = head.split("\r\n", 1)[0].split(" ")
        self.asked.append(f"{method} {target}")
        if self.silent:
            await reader.read()  # until the other side hangs up
            return
        writer.write(self.raw if self.raw is not None else self._answer(target, body))
        await writer.drain()

    def _answer(self, target: str, body: bytes) -> bytes:
        status, told = self._told(target, body)
        content = json.dumps(told).encode()
        head = (
            f"HTTP/1.1 {status} {'OK' if status == 200 else 'Error'}\r\n"
            f"Content-Type: application/json; charset=UTF-8\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content

    def _told(self, target: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if self.status != 200:
            return self.status, {"code": "InvalidQuery", "message": "staged"}
        parts = urlsplit(target)
        if table := _TABLE.match(parts.path):
            return 200, self._table(table[1], parse_qs(parts.query))
        if parts.path == "/sources_to_targets":
            return 200, self._matrix(json.loads(body))
        return 400, {"code": "InvalidService", "message": "Service not found"}

    def _table(self, points: str, options: dict[str, list[str]]) -> dict[str, Any]:
        places = [[float(n) for n in one.split(",")] for one in points.split(";")]
        sources = [places[int(n)] for n in options["sources"][0].split(";")]
        targets = [places[int(n)] for n in options["destinations"][0].split(";")]
        return {
            "code": "Ok",
            "durations": self._rows(sources, targets),
            "sources": [_waypoint(one) for one in sources],
            "destinations": [_waypoint(one) for one in targets],
        }

    def _matrix(self, asked: dict[str, Any]) -> dict[str, Any]:
        sources = [[one["lon"], one["lat"]] for one in asked["sources"]]
        targets = [[one["lon"], one["lat"]] for one in asked["targets"]]
        rows = [
            [
                {
                    "distance": None if s is None else round(s / 90, 3),
                    "time": s,
                    "from_index": i,
                    "to_index": j,
                }
                for j, s in enumerate(row)
            ]
            for i, row in enumerate(self._rows(sources, targets))
        ]
        return {
            "algorithm": "costmatrix",
            "units": "kilometers",
            "sources": [{"lon": lon, "lat": lat} for lon, lat in sources],
            "targets": [{"lon": lon, "lat": lat} for lon, lat in targets],
            "sources_to_targets": rows,
        }

    def _rows(
        self, sources: Sequence[Sequence[float]], targets: Sequence[Sequence[float]]
    ) -> list[list[float | None]]:
        return [[self.way(a[0], a[1], b[0], b[1]) for b in targets] for a in sources]


def _waypoint(place: Sequence[float]) -> dict[str, Any]:
    return {"hint": "", "location": list(place), "name": "", "distance": 0.0}
