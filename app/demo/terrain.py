"""Hills and valleys: smooth noise, a height field over the county, contour rings, and wandering lines.

Everything is in kilometres in the plane of `geography`; heights are metres above sea level.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from app.demo.planar import Floats, Line, Point, Ring, distance_to_lines

HALF_WIDTH_KM = 30.0
STEP_KM = 0.3

# Middle (x, y), reach in km, height in m of the massifs: high in the north-west, lower in the south-east.
_MASSIFS = (
    (-15.5, 12.0, 5.5, 620.0),
    (-6.0, 15.5, 4.5, 480.0),
    (-22.5, 4.5, 4.5, 520.0),
    (5.0, 15.5, 4.5, 260.0),
    (14.0, -14.0, 5.5, 430.0),
    (8.5, -16.5, 4.0, 330.0),
    (-10.0, -14.5, 4.5, 340.0),
    (-16.0, -0.5, 3.5, 230.0),
    (17.5, -6.5, 3.5, 210.0),
    (-23.0, -9.0, 3.5, 260.0),
)


def noise(points: Floats, scale_km: float, rng: np.random.Generator, octaves: int = 4) -> Floats:
    """Smooth value noise at n×2 points, about -1…1; the largest bumps measure `scale_km`."""
    total = np.zeros(len(points))
    weight = 0.0
    for octave in range(octaves):
        cell, gain = scale_km / 2**octave, 0.5**octave
        lattice = rng.uniform(-1.0, 1.0, (64, 64))
        turn = rng.uniform(0.0, np.pi)  # no two octaves share an axis, or hills would look square
        spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        grid = points @ spin / cell + rng.uniform(0.0, 64.0, 2)
        corner = np.floor(grid).astype(np.int64)
        t = grid - corner
        t = t * t * (3.0 - 2.0 * t)
        x0, y0 = corner[:, 0] % 64, corner[:, 1] % 64
        x1, y1 = (x0 + 1) % 64, (y0 + 1) % 64
        low = lattice[x0, y0] * (1 - t[:, 0]) + lattice[x1, y0] * t[:, 0]
        high = lattice[x0, y1] * (1 - t[:, 0]) + lattice[x1, y1] * t[:, 0]
        total += gain * (low * (1 - t[:, 1]) + high * t[:, 1])
        weight += gain
    return np.asarray(total / weight * 1.6, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Heights:
    """A square grid of heights in metres: `grid[row, column]`, row 0 in the south, column 0 in the west."""

    grid: Floats

    def at(self, points: Floats) -> Floats:
        """Heights at n×2 points, by the nearest grid node."""
        index = np.clip(np.rint((points + HALF_WIDTH_KM) / STEP_KM).astype(np.int64), 0, len(self.grid) - 1)
        return np.asarray(self.grid[index[:, 1], index[:, 0]], dtype=np.float64)

    def peaks(self, apart_km: float, count: int) -> list[tuple[Point, int]]:
        """Find the highest places, at least `apart_km` from each other, with their height in metres."""
        axis = _axis()
        found: list[tuple[Point, int]] = []
        for flat in np.argsort(self.grid, axis=None)[::-1]:
            row, column = divmod(int(flat), len(axis))
            x, y = float(axis[column]), float(axis[row])
            if all((x - px) ** 2 + (y - py) ** 2 > apart_km**2 for (px, py), _ in found):
                found.append(((x, y), round(float(self.grid[row, column]))))
            if len(found) == count:
                break
        return found


def _axis() -> Floats:
    return np.arange(-HALF_WIDTH_KM, HALF_WIDTH_KM + STEP_KM / 2, STEP_KM)


def raise_hills(rivers: Sequence[Line], rng: np.random.Generator) -> Heights:
    """Heights between about 30 m on the river plain and 900 m on the ridges; rivers lie in their valleys."""
    axis = _axis()
    xs, ys = np.meshgrid(axis, axis)
    points = np.column_stack([xs.ravel(), ys.ravel()])
    massif = np.zeros(len(points))
    for x, y, reach, height in _MASSIFS:
        away = ((points[:, 0] - x) ** 2 + (points[:, 1] - y) ** 2) / (2 * reach**2)
        massif += height * np.exp(-away)
    ridges = 1.0 - np.abs(noise(points, 6.0, rng, 5))
    rough = 0.35 + 0.95 * ridges * ridges + 0.25 * noise(points, 2.5, rng, 3)
    low_hills = 110.0 * np.clip(noise(points, 5.0, rng), 0.0, None)
    valley = 1.0 - 0.92 * np.exp(-((distance_to_lines(points, rivers) / 2.0) ** 2))
    heights = 32.0 + (massif * rough + low_hills) * valley
    return Heights(heights.reshape(xs.shape))


def contours(heights: Heights, level_m: float) -> list[Ring]:
    """Draw closed rings around all ground above a level (marching squares); hollows are own rings."""
    grid = np.pad(heights.grid, 1, constant_values=-1.0)  # low ground all round: every ring closes
    step: dict[tuple[int, int, int], tuple[int, int, int]] = {}
    above = grid > level_m
    corners = above[:-1, :-1] * 1 + above[:-1, 1:] * 2 + above[1:, 1:] * 4 + above[1:, :-1] * 8
    for row, column in np.argwhere((corners > 0) & (corners < 15)):
        for start, end in _CASES[int(corners[row, column])]:
            step[_edge(int(row), int(column), start)] = _edge(int(row), int(column), end)
    rings = []
    while step:
        first, here = step.popitem()
        loop = [first]
        while here != first:
            loop.append(here)
            here = step.pop(here)
        rings.append(tuple(_on_edge(grid, level_m, edge) for edge in (*loop, first)))
    return rings


# Per case of corners above the level (south-west 1, south-east 2, north-east 4, north-west 8): from edge
# to edge (0 south, 1 east, 2 north, 3 west), always with the high ground on the left hand.
_CASES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((0, 3),),
    2: ((1, 0),),
    3: ((1, 3),),
    4: ((2, 1),),
    5: ((0, 3), (2, 1)),
    6: ((2, 0),),
    7: ((2, 3),),
    8: ((3, 2),),
    9: ((0, 2),),
    10: ((1, 0), (3, 2)),
    11: ((1, 2),),
    12: ((3, 1),),
    13: ((0, 1),),
    14: ((3, 0),),
}


def _edge(row: int, column: int, side: int) -> tuple[int, int, int]:
    """Name an edge of a grid square by its lower-left node and direction (0 eastward, 1 northward)."""
    return ((row, column, 0), (row, column + 1, 1), (row + 1, column, 0), (row, column, 1))[side]


def _on_edge(grid: Floats, level_m: float, edge: tuple[int, int, int]) -> Point:
    row, column, northward = edge
    here = float(grid[row, column])
    there = float(grid[row + 1, column] if northward else grid[row, column + 1])
    t = (level_m - here) / (there - here)
    x = column - 1 + (0.0 if northward else t)
    y = row - 1 + (t if northward else 0.0)
    return x * STEP_KM - HALF_WIDTH_KM, y * STEP_KM - HALF_WIDTH_KM


def rounded(line: Line, times: int = 2) -> Line:
    """Cut the corners of a line (Chaikin); its ends stay, a ring stays closed at its first point."""
    points = np.array(line)
    for _ in range(times):
        if len(points) < 3:
            break
        quarter = 0.75 * points[:-1] + 0.25 * points[1:]
        three = 0.25 * points[:-1] + 0.75 * points[1:]
        middle = np.column_stack([quarter, three]).reshape(-1, 2)[1:-1]
        points = np.vstack([points[:1], middle, points[-1:]])
    return tuple((float(x), float(y)) for x, y in points)


def wander(
    line: Line,
    sway: float,
    rng: np.random.Generator,
    cost: Callable[[Floats], Floats] | None = None,
    depth: int = 5,
) -> Line:
    """Let a line wander: every midpoint steps aside by up to `sway` of its segment, again and again.

    With `cost` (e.g. a height), each midpoint takes the cheapest of several steps: roads find valleys.
    """
    points = [np.array(point) for point in line]
    for _ in range(depth):
        refined = [points[0]]
        for a, b in pairwise(points):
            if np.hypot(*(b - a)) > 0.5:
                refined.append(_sidestep(a, b, sway, rng, cost))
            refined.append(b)
        points = refined
    return tuple((float(x), float(y)) for x, y in points)


def _sidestep(
    a: npt.NDArray[np.float64],
    b: npt.NDArray[np.float64],
    sway: float,
    rng: np.random.Generator,
    cost: Callable[[Floats], Floats] | None,
) -> Floats:
    across = np.array([a[1] - b[1], b[0] - a[0]])
    steps = rng.uniform(-sway, sway, 1 if cost is None else 5)
    candidates = (a + b) / 2 + steps[:, None] * across
    best = 0 if cost is None else int(np.argmin(cost(candidates) * (1 + np.abs(steps))))
    return np.asarray(candidates[best], dtype=np.float64)
