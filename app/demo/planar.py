"""The one place of the demo that speaks to shapely: plane geometry in kilometres, typed for the rest.

A `Point` is (x, y), a `Line` a sequence of points, a `Ring` a closed line. shapely ships no type
information, so its objects stay inside this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely  # type: ignore[import-untyped]  # 2.2 ships no py.typed
from shapely.geometry import LineString, MultiPoint, Polygon  # type: ignore[import-untyped]

Point = tuple[float, float]
Line = tuple[Point, ...]
Ring = tuple[Point, ...]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def _ring(shape: Any) -> Ring:
    return tuple((float(x), float(y)) for x, y in shape.coords)


def voronoi_cells(points: Floats, outline: Ring) -> list[Any]:
    """Draw the Voronoi cell of each point, cut to the outline, in the order of the points."""
    frame = shapely.envelope(Polygon(outline).buffer(8.0))
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(points), extend_to=frame, ordered=True))
    clipped: list[Any] = list(shapely.intersection(cells, Polygon(outline)))
    return clipped


def borders(cells: Sequence[Any], labels: npt.NDArray[np.int64], count: int) -> tuple[list[Line], list[Any]]:
    """Join cells of one label; returns the border arcs (each shared arc once) and the joined shapes.

    A label's smaller, separate pieces go to the label that surrounds them.
    """
    shapes = [
        shapely.union_all([c for c, own in zip(cells, labels, strict=True) if own == i]) for i in range(count)
    ]
    shapes = _without_exclaves(shapes)
    arcs = shapely.line_merge(shapely.union_all(shapely.boundary(shapes)))
    return [_ring(arc) for arc in shapely.get_parts(arcs)], shapes


def _without_exclaves(shapes: list[Any]) -> list[Any]:
    for i, shape in enumerate(shapes):
        pieces = sorted(shapely.get_parts(shape), key=lambda piece: float(piece.area), reverse=True)
        shapes[i] = pieces[0]
        for piece in pieces[1:]:
            shared = [
                shapely.intersection(piece, other).length if j != i else 0.0 for j, other in enumerate(shapes)
            ]
            j = int(np.argmax(shared))
            shapes[j] = shapely.union(shapes[j], piece)
    return shapes


def faces(arcs: Sequence[Line], near: Sequence[Any]) -> list[Ring]:
    """Build the polygons that the arcs enclose, in the order of the shapes they resemble.

    Raises ValueError when the arcs do not enclose exactly one face for each shape.
    """
    found = list(shapely.get_parts(shapely.polygonize([LineString(arc) for arc in arcs])))
    if len(found) != len(near):
        raise ValueError(f"{len(found)} faces for {len(near)} townships")
    rings: list[Ring] = []
    for shape in near:
        overlaps = [shapely.intersection(face, shape).area for face in found]
        rings.append(_ring(found.pop(int(np.argmax(overlaps))).exterior))
    return rings


def outer_ring(rings: Sequence[Ring]) -> Ring:
    """Draw the outline of polygons that tile a region without holes."""
    return _ring(shapely.union_all([Polygon(ring) for ring in rings]).exterior)


def area(ring: Ring) -> float:
    """Measure the area inside a ring, in the square of its unit."""
    return float(Polygon(ring).area)


def overlap(a: Ring, b: Ring) -> float:
    """Measure the area that two rings have in common."""
    return float(shapely.intersection(Polygon(a), Polygon(b)).area)


def inside(ring: Ring, points: Floats, margin: float = 0.0) -> Flags:
    """Which of the points (n×2) lie in the ring, at least `margin` from its edge."""
    shape = Polygon(ring).buffer(-margin) if margin else Polygon(ring)
    shapely.prepare(shape)
    flags: Flags = shapely.contains_xy(shape, points[:, 0], points[:, 1])
    return flags


def roomy_point(ring: Ring) -> Point:
    """Find the point of a ring farthest from its edge (to 50 m when the unit is the kilometre)."""
    line = shapely.maximum_inscribed_circle(Polygon(ring), tolerance=0.05)
    return float(line.coords[0][0]), float(line.coords[0][1])


def distance_to_lines(points: Floats, lines: Sequence[Line]) -> Floats:
    """Measure the distance of each point (n×2) to the nearest of the lines."""
    bundle = shapely.union_all([LineString(line) for line in lines])
    shapely.prepare(bundle)
    distances: Floats = shapely.distance(bundle, shapely.points(points))
    return distances


def clip_line(line: Line, ring: Ring) -> Line:
    """Keep the longest part of a line inside a ring; empty when nothing is inside."""
    parts = [
        p for p in shapely.get_parts(shapely.intersection(LineString(line), Polygon(ring))) if p.length > 0
    ]
    return _ring(max(parts, key=lambda part: float(part.length))) if parts else ()


def clip_ring(ring: Ring, holes: Sequence[Ring], outline: Ring, least_area: float) -> list[list[Ring]]:
    """Polygons (outer ring, then holes) of a ring cut to an outline; those under `least_area` are dropped."""
    cut = shapely.intersection(shapely.make_valid(Polygon(ring, holes)), Polygon(outline))
    return [
        [_ring(part.exterior), *(_ring(hole) for hole in part.interiors if Polygon(hole).area >= least_area)]
        for part in shapely.get_parts(cut)
        if part.geom_type == "Polygon" and part.area >= least_area
    ]


def simplify(line: Line, tolerance: float) -> Line:
    """Fewer points, none farther than `tolerance` from the line; the ends stay."""
    return _ring(shapely.simplify(LineString(line), tolerance))


def crossing(line: Line, other: Line) -> Point | None:
    """Find a point where two lines cross or touch, or None."""
    common = shapely.intersection(LineString(line), LineString(other))
    if common.is_empty:
        return None
    first = shapely.get_coordinates(common)[0]
    return float(first[0]), float(first[1])
