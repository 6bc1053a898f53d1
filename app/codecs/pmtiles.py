"""The header of a PMTiles archive, version 3 (github.com/protomaps/PMTiles, spec/v3/spec.md §3). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import Literal

HEADER_BYTES = 127
_MAGIC = b"PMTiles\x03"
_TILE_TYPE, _ZOOMS, _BOUNDS = 99, 100, Struct("<iiii")
_IMAGES = frozenset({2, 3, 4, 5})  # PNG, JPEG, WebP, AVIF
_VECTOR = 1
_DEGREE = 1e7

Kind = Literal["raster", "vector"]


@dataclass(frozen=True, slots=True)
class Header:
    """What an archive says of itself; bounds are west, south, east, north in degrees."""

    kind: Kind
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]


def read_header(first: bytes) -> Header | None:
    """Return what the first bytes of a file say; None when it is no archive that can be drawn."""
    if len(first) < HEADER_BYTES or not first.startswith(_MAGIC):
        return None
    tile_type = first[_TILE_TYPE]
    if tile_type != _VECTOR and tile_type not in _IMAGES:
        return None
    west, south, east, north = (n / _DEGREE for n in _BOUNDS.unpack_from(first, _ZOOMS + 2))
    return Header(
        "vector" if tile_type == _VECTOR else "raster",
        first[_ZOOMS],
        first[_ZOOMS + 1],
        (west, south, east, north),
    )
