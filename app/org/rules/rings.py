"""Rings drawn on the map: what lies inside, and whether one crosses itself. Pure.

A ring is its corners (lon, lat) in order; the last is joined to the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Point = tuple[float, float]


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


def crosses_itself(ring: Sequence[Point]) -> bool:
    """Tell whether two edges that are no neighbours meet: then nobody can say what is inside."""
    count = len(ring)
    edges = [(ring[n], ring[(n + 1) % count]) for n in range(count)]
    return any(
        _meet(*edges[n], *edges[m]) for n in range(count) for m in range(n + 2, count) if (m + 1) % count != n
    )


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    if max(a[0], b[0]) < min(c[0], d[0]) or max(c[0], d[0]) < min(a[0], b[0]):
        return False
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    return _side(a, b, c) * _side(a, b, d) <= 0 and _side(c, d, a) * _side(c, d, b) <= 0


def _side(a: Point, b: Point, at: Point) -> int:
    turn = (b[0] - a[0]) * (at[1] - a[1]) - (b[1] - a[1]) * (at[0] - a[0])
    return (turn > 0) - (turn < 0)
