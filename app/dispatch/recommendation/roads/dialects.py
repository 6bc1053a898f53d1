"""What is asked of a road service and what its answer means, in two dialects. Pure; nothing is trusted.

OSRM: the table service (`docs/http.md` of osrm-backend); Valhalla: `sources_to_targets` (its matrix API).
Many sources, one destination. A source without a road gives None.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from app.outward.address import Address, read_address

Dialect = Literal["osrm", "valhalla"]
Point = tuple[float, float]  # lon, lat

LONGEST_S = 48 * 3600.0  # nobody drives longer than that within a county: such a figure is nonsense


class Nonsense(ValueError):
    """The answer is not what was asked for."""


@dataclass(frozen=True, slots=True)
class Question:
    """One HTTP request: its line from the path on, and the JSON body of a POST."""

    method: Literal["GET", "POST"]
    path: str
    body: bytes = b""


def parse_address(url: str) -> Address:
    """Read `http(s)://host[:port][/path]`. Raises ValueError that says what is wrong, in both languages."""
    if (found := read_address(url)) is None:
        raise ValueError(_WRONG)
    return found


_WRONG = (
    "道路服务地址应形如 http://10.1.2.3:5000,不带账号、参数 / "
    "the road service must look like http://10.1.2.3:5000, without login or parameters"
)


def question(dialect: Dialect, sources: Sequence[Point], to: Point) -> Question:
    """Return what to ask for the driving times from every source to one place."""
    return _ASK[dialect](sources, to)


def durations(dialect: Dialect, answer: bytes, count: int) -> list[float | None]:
    """Return the seconds from each of `count` sources. Raises Nonsense for anything but exactly that."""
    try:
        return [_seconds(one) for one in _READ[dialect](answer, count)]
    except msgspec.MsgspecError as error:
        raise Nonsense(str(error)) from error


def _osrm(sources: Sequence[Point], to: Point) -> Question:
    points = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in (*sources, to))
    numbers = ";".join(str(n) for n in range(len(sources)))
    asked = f"sources={numbers}&destinations={len(sources)}&annotations=duration&generate_hints=false"
    return Question("GET", f"/table/v1/driving/{points}?{asked}")


def _valhalla(sources: Sequence[Point], to: Point) -> Question:
    body = {
        "sources": [_place(one) for one in sources],
        "targets": [_place(to)],
        "costing": "auto",
    }
    return Question("POST", "/sources_to_targets", json.dumps(body).encode())


def _place(point: Point) -> dict[str, float]:
    return {"lat": round(point[1], 6), "lon": round(point[0], 6)}


class _Table(msgspec.Struct):
    code: str
    durations: list[list[float | None]]


class _Cell(msgspec.Struct):
    from_index: int
    to_index: int
    time: float | None


class _Matrix(msgspec.Struct):
    sources_to_targets: list[list[_Cell]]


def _read_osrm(answer: bytes, count: int) -> list[float | None]:
    table = msgspec.json.decode(answer, type=_Table)
    if table.code != "Ok":
        raise Nonsense("not Ok")
    if len(table.durations) != count or any(len(row) != 1 for row in table.durations):
        raise Nonsense("another shape than asked for")
    return [row[0] for row in table.durations]


def _read_valhalla(answer: bytes, count: int) -> list[float | None]:
    rows = msgspec.json.decode(answer, type=_Matrix).sources_to_targets
    if len(rows) != count or any(len(row) != 1 for row in rows):
        raise Nonsense("another shape than asked for")
    if any((row[0].from_index, row[0].to_index) != (number, 0) for number, row in enumerate(rows)):
        raise Nonsense("rows in another order")
    return [row[0].time for row in rows]


def _seconds(told: float | None) -> float | None:
    if told is not None and not (math.isfinite(told) and 0 <= told <= LONGEST_S):
        raise Nonsense("no driving time")
    return told


_ASK: Mapping[Dialect, Callable[[Sequence[Point], Point], Question]] = {
    "osrm": _osrm,
    "valhalla": _valhalla,
}
_READ: Mapping[Dialect, Callable[[bytes, int], list[float | None]]] = {
    "osrm": _read_osrm,
    "valhalla": _read_valhalla,
}
