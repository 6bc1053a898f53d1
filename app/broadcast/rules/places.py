"""Which villages are meant: places of the tree, and polygons drawn on the map. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Point = tuple[float, float]


def prefix_of(code: str) -> str:
    """Return the digits that every place below shares; groups of zeroes at the end mean all (GD/J 082)."""
    for size in (0, 2, 4, 6, 9):
        if not code[size:].strip("0"):
            return code[:size]
    return code


def within(polygons: Iterable[Sequence[Point]], points: Iterable[tuple[str, float, float]]) -> list[str]:
    """Return the keys of the points (key, lon, lat) that lie in one of the polygons."""
    boxed = [(polygon, *_box(polygon)) for polygon in polygons]
    return [
        key
        for key, lon, lat in points
        if any(
            west <= lon <= east and south <= lat <= north and _inside(polygon, lon, lat)
            for polygon, west, south, east, north in boxed
        )
    ]


def _box(polygon: Sequence[Point]) -> tuple[float, float, float, float]:
    lons, lats = [p[0] for p in polygon], [p[1] for p in polygon]
    return min(lons), min(lats), max(lons), max(lats)


def _inside(polygon: Sequence[Point], lon: float, lat: float) -> bool:
    """Cast a ray to the east and count what it crosses."""
    found = False
    x1, y1 = polygon[-1]
    for x2, y2 in polygon:
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            found = not found
        x1, y1 = x2, y2
    return found
