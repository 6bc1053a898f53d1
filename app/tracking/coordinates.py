"""GCJ-02, the offset of public Chinese map tiles (AMap, Tencent), from and to WGS-84. Pure.

For drawing on such tiles and for reading what was picked on them, never for storage (protocols/beidou.md
§6: stored and exchanged is WGS-84, equal to CGCS2000 within decimetres; Tianditu needs no shift).
"""

from __future__ import annotations

import math

_A = 6378245.0  # Krasovsky's ellipsoid
_EE = 0.00669342162296594323
_LON0, _LAT0 = 105.0, 35.0
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271  # the formula's crude box of China
_EXACT_DEG = 1e-9  # a tenth of a millimetre
_MOST_STEPS = 30


def in_china(lon: float, lat: float) -> bool:
    """Whether the shift applies here: the box also holds Seoul and Singapore, as every implementation's."""
    return _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH


def to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Return (lon, lat) in GCJ-02 of a place in WGS-84 degrees; unchanged outside China."""
    if not in_china(lon, lat):
        return lon, lat
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def from_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Return (lon, lat) in WGS-84 of a place in GCJ-02, below a millimetre; unchanged outside China."""
    if not in_china(lon, lat):
        return lon, lat
    found = lon, lat
    for _ in range(_MOST_STEPS):
        east, north = _shift(*found)
        better = lon - east, lat - north
        done = max(abs(better[0] - found[0]), abs(better[1] - found[1])) < _EXACT_DEG
        found = better
        if done:
            break
    return found


def _shift(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - _LON0, lat - _LAT0
    ripple = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + ripple
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + ripple
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    phi = lat / 180 * math.pi
    magic = 1 - _EE * math.sin(phi) ** 2
    north = north * 180 / (_A * (1 - _EE) / (magic * math.sqrt(magic)) * math.pi)
    east = east * 180 / (_A / math.sqrt(magic) * math.cos(phi) * math.pi)
    return east, north
