"""The land of the demo county in the plane (km): townships that tile it, rivers, hills, villages.

`geography` names it and turns it into degrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from app.demo import planar
from app.demo.names import village_codes
from app.demo.places import EAST_BANK_VILLAGE, HILL_VILLAGE, TOWNSHIPS, Township
from app.demo.planar import Floats, Line, Point, Ring
from app.demo.terrain import Heights, noise, raise_hills, rounded, wander

AREA_KM2 = 1300.0
_CELLS = 2600
_MAIN_RIVER: Line = (
    (-31.0, -12.5), (-24.0, -9.5), (-18.5, -9.2), (-14.0, -5.4), (-9.0, -5.6), (-5.0, -2.4), (-1.0, -1.3),
    (2.4, 1.2), (5.6, 3.2), (9.0, 3.6), (12.0, 7.4), (16.5, 8.4), (20.0, 12.2), (29.0, 14.0),
)  # fmt: skip
_SOUTH_STREAM: Line = ((10.5, -17.0), (9.8, -12.5), (7.4, -9.6), (6.4, -6.6), (3.6, -4.2), (1.2, 0.2))
_NORTH_STREAM: Line = (
    (-17.0, 14.0),
    (-13.2, 10.2),
    (-10.6, 8.4),
    (-9.2, 4.6),
    (-10.2, 1.0),
    (-8.4, -1.6),
    (-6.6, -3.9),
)


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """The county in kilometres; townships, seats and villages by code, the main river first."""

    outline: Ring
    townships: dict[str, Ring]
    rivers: tuple[Line, ...]
    heights: Heights
    seats: dict[str, Point]
    villages: dict[str, Point]


def survey(seed: int, snap: npt.NDArray[np.float64]) -> Land:
    """Make the land. `snap` is the size (km, east and north) of the grid that coordinates are rounded to.

    Rounding happens before the arcs are joined, so neighbours share their border to the last digit.
    """
    rng = np.random.default_rng([seed, 1])
    outline = _outline(rng)
    rivers = _rivers(rng, outline)
    townships = _townships(rng, outline, snap)
    heights = raise_hills(rivers, np.random.default_rng([seed, 2]))
    seats = {place.code: _seat(place, townships[place.code], snap) for place in TOWNSHIPS}
    villages: dict[str, Point] = {}
    settling = np.random.default_rng([seed, 3])
    for place in TOWNSHIPS:
        villages |= _settle(place, townships[place.code], seats[place.code], heights, rivers, settling, snap)
    _lift(villages, heights)
    return Land(planar.outer_ring(list(townships.values())), townships, rivers, heights, seats, villages)


def _outline(rng: np.random.Generator) -> Ring:
    """Draw an organic county outline of `AREA_KM2`, a little wider than high."""
    angle = np.linspace(0.0, 2 * np.pi, 72, endpoint=False)
    radius = 1.0 / np.hypot(np.cos(angle) / 23.6, np.sin(angle) / 17.9)
    for wave in range(2, 12):
        radius *= 1.0 + rng.normal(0.0, 0.14 / wave**0.75) * np.sin(
            wave * angle + rng.uniform(0.0, 2 * np.pi)
        )
    points = np.column_stack([radius * np.cos(angle), radius * np.sin(angle) - 0.6])
    closed = tuple((float(x), float(y)) for x, y in np.vstack([points, points[:1]]))
    ring = np.array(wander(closed, 0.3, rng, depth=4))
    ring *= np.sqrt(AREA_KM2 / planar.area(tuple((float(x), float(y)) for x, y in ring)))
    return tuple((float(x), float(y)) for x, y in ring)


def _rivers(rng: np.random.Generator, outline: Ring) -> tuple[Line, ...]:
    main = rounded(wander(_MAIN_RIVER, 0.34, rng))
    streams = [rounded(wander(line, 0.3, rng)) for line in (_SOUTH_STREAM, _NORTH_STREAM)]
    meeting = [_flow_into(stream, main) for stream in streams]
    return tuple(planar.simplify(planar.clip_line(line, outline), 0.02) for line in (main, *meeting))


def _flow_into(stream: Line, main: Line) -> Line:
    """End a stream on the main river: where it crosses it, else at the river's nearest point."""
    for i, (a, b) in enumerate(pairwise(stream)):
        mouth = planar.crossing((a, b), main)
        if mouth is not None:
            return (*stream[: i + 1], mouth)
    last = np.array(stream[-1])
    nearest = min(main, key=lambda point: float(np.hypot(*(np.array(point) - last))))
    return (*stream, nearest)


def _townships(rng: np.random.Generator, outline: Ring, snap: Floats) -> dict[str, Ring]:
    seeds = _scatter(rng, outline)
    labels = _shares(seeds, rng)
    arcs, rough = planar.borders(planar.voronoi_cells(seeds, outline), labels, len(TOWNSHIPS))
    smooth = [_snapped(planar.simplify(rounded(arc), 0.025), snap) for arc in arcs]
    rings = planar.faces(smooth, rough)
    return {place.code: ring for place, ring in zip(TOWNSHIPS, rings, strict=True)}


def _scatter(rng: np.random.Generator, outline: Ring) -> Floats:
    """About `_CELLS` points in the county, evenly jittered: the grains that townships are made of."""
    spacing = float(np.sqrt(AREA_KM2 / _CELLS))
    axis = np.arange(-32.0, 32.0, spacing)
    xs, ys = np.meshgrid(axis, axis)
    points = np.column_stack([xs.ravel(), ys.ravel()])
    points += rng.uniform(-0.42, 0.42, points.shape) * spacing
    return points[planar.inside(outline, points)]


def _shares(points: Floats, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Give every grain to a township: a power diagram whose weights are turned until the areas fit.

    The plane is bent by smooth noise first, so that borders swing instead of running straight.
    """
    bent = points + 1.3 * np.column_stack([noise(points, 7.0, rng), noise(points, 7.0, rng)])
    sites = np.array([(place.x_km, place.y_km) for place in TOWNSHIPS])
    target = np.array([place.area_km2 for place in TOWNSHIPS])
    target = target / target.sum() * len(points)
    away = ((bent[:, None, :] - sites[None, :, :]) ** 2).sum(axis=2)
    weight = np.zeros(len(sites))
    for _ in range(70):
        count = np.bincount((away - weight).argmin(axis=1), minlength=len(sites))
        weight += 0.12 * (target - count) * np.sqrt(40.0 / target)
    return np.asarray((away - weight).argmin(axis=1), dtype=np.int64)


def _snapped(line: Line, snap: Floats) -> Line:
    points = np.rint(np.array(line) / snap) * snap
    return tuple((float(x), float(y)) for x, y in points)


def _seat(place: Township, ring: Ring, snap: Floats) -> Point:
    """Find the township's seat: the sketched place if that has half a kilometre of land around it."""
    wanted = np.array([(place.x_km, place.y_km)])
    point = (place.x_km, place.y_km) if planar.inside(ring, wanted, 0.5)[0] else planar.roomy_point(ring)
    return _snapped((point,), snap)[0]


def _settle(
    place: Township,
    ring: Ring,
    seat: Point,
    heights: Heights,
    rivers: tuple[Line, ...],
    rng: np.random.Generator,
    snap: Floats,
) -> dict[str, Point]:
    """Village points of one township: apart from each other, rather low than high, the first at the seat."""
    codes = village_codes(place)
    candidates = _candidates(ring, rng)
    comfort = 1.0 / (1.0 + np.clip(heights.at(candidates) - 60.0, 0.0, None) / 160.0)
    comfort *= rng.uniform(0.75, 1.0, len(candidates))
    chosen = [np.array(seat) + rng.uniform(-0.12, 0.12, 2)] if place.communities else []
    if EAST_BANK_VILLAGE in codes:
        chosen.append(_on_east_bank(candidates, rivers[1], seat))
    nearest = np.full(len(candidates), 4.0)
    for point in chosen:
        nearest = np.minimum(nearest, np.hypot(*(candidates - point).T))
    while len(chosen) < len(codes):
        best = int(np.argmax(nearest * comfort))
        chosen.append(candidates[best])
        nearest = np.minimum(nearest, np.hypot(*(candidates - candidates[best]).T))
    points = [_snapped(((float(x), float(y)),), snap)[0] for x, y in chosen]
    return dict(zip(_order(codes), points, strict=True))


def _candidates(ring: Ring, rng: np.random.Generator) -> Floats:
    corners = np.array(ring)
    points = rng.uniform(corners.min(axis=0), corners.max(axis=0), (900, 2))
    kept = points[planar.inside(ring, points, 0.25)]
    return np.asarray(kept, dtype=np.float64)


def _on_east_bank(candidates: Floats, stream: Line, seat: Point) -> Floats:
    """Find 东岸村 of S01: 200–700 m east of the stream, two or three kilometres from the seat."""
    course = np.array(sorted(stream, key=lambda point: point[1]))  # the stream runs from south to north
    eastward = candidates[:, 0] - np.interp(candidates[:, 1], course[:, 1], course[:, 0])
    unfit = 2 * np.abs(eastward - 0.45) + 0.5 * np.abs(np.hypot(*(candidates - np.array(seat)).T) - 2.6)
    unfit += np.where(eastward > 0.15, 0.0, 9.0)
    return np.asarray(candidates[int(np.argmin(unfit))], dtype=np.float64)


def _lift(villages: dict[str, Point], heights: Heights) -> None:
    """Let 观山村 (S02: a mountain village) change places with the highest village of its township."""
    kin = [code for code in villages if code[:9] == HILL_VILLAGE[:9]]
    top = max(kin, key=lambda code: float(heights.at(np.array([villages[code]]))[0]))
    villages[HILL_VILLAGE], villages[top] = villages[top], villages[HILL_VILLAGE]


def _order(codes: tuple[str, ...]) -> list[str]:
    """Sort codes as places are chosen: the community at the seat, then 东岸村, the rest."""
    return sorted(codes, key=lambda code: (not code.endswith("001"), code != EAST_BANK_VILLAGE))
