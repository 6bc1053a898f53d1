"""The fictional county as a map (rules §A9, design/console.md §2.3): no outline of any real place.

`county(seed)` gives typed lookups, `base_map(seed)` the same land as GeoJSON. Coordinates are WGS-84
degrees, rounded to 5 decimals (about 1 m); the plane in which the land is made is in kilometres.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from app.demo import planar
from app.demo.land import Land, survey
from app.demo.milestones import milestones
from app.demo.names import pinyin, village_names
from app.demo.places import BY_CODE, COUNTY_CODE, COUNTY_EN, COUNTY_ZH, TOWNSHIPS, of_region
from app.demo.planar import Floats, Line, Point, Ring
from app.demo.roads import Road, lay_roads
from app.demo.terrain import contours, rounded

CENTRE: Point = (115.5, 28.0)
KM_PER_DEG_LAT = 110.8
KM_PER_DEG_LON = 111.32 * float(np.cos(np.radians(28.0)))
_SCALE = np.array([KM_PER_DEG_LON, KM_PER_DEG_LAT])
_SNAP = 1e-5 * _SCALE
_TINTS_M = (150.0, 300.0, 450.0, 600.0)

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class River:
    """A river from its source or entry to its mouth or exit; `width_m` is for drawing."""

    name_zh: str
    name_en: str
    width_m: int
    line: Line


@dataclass(frozen=True, slots=True)
class Hill:
    """Ground above `height_m` metres: an outer ring, then its hollows."""

    height_m: int
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Peak:
    """A named hill top."""

    name_zh: str
    name_en: str
    height_m: int
    point: Point


@dataclass(frozen=True, slots=True)
class County:
    """Everything that has a place: rings and points in WGS-84 (lon, lat), by 12-digit region code."""

    outline: Ring
    townships: dict[str, Ring]
    seats: dict[str, Point]
    villages: dict[str, Point]
    rivers: tuple[River, ...]
    roads: tuple[Road, ...]
    hills: tuple[Hill, ...]
    peaks: tuple[Peak, ...]

    def township_at(self, lon: float, lat: float) -> str | None:
        """Find the code of the township-level unit that holds a point; None outside the county."""
        here = np.array([(lon, lat)])
        return next((code for code, ring in self.townships.items() if planar.inside(ring, here)[0]), None)

    def place_near(self, code: str, rng: np.random.Generator, within_km: float) -> Point:
        """Pick a random point near a village or township seat, still inside the same township."""
        middle = np.array(self.villages.get(code) or self.seats[code])
        ring = self.townships[code[:9] + "000"]
        offsets = rng.uniform(-1.0, 1.0, (12, 2)) * within_km / _SCALE
        for reach in (1.0, 0.4, 0.1):
            points = np.round(middle + offsets * reach, 5)
            inside = np.flatnonzero(planar.inside(ring, points))
            if len(inside):
                lon, lat = points[inside[0]]
                return float(lon), float(lat)
        return float(middle[0]), float(middle[1])


@lru_cache(maxsize=4)
def county(seed: int) -> County:
    """Make the county of a seed. The same seed gives the same county to the last digit."""
    land = survey(seed, _SNAP)
    roads = lay_roads(land, np.random.default_rng([seed, 4]))
    return County(
        outline=_degrees(land.outline),
        townships={code: _degrees(ring) for code, ring in land.townships.items()},
        seats={code: _degrees((point,))[0] for code, point in land.seats.items()},
        villages={code: _degrees((point,))[0] for code, point in sorted(land.villages.items())},
        rivers=_rivers(land),
        roads=tuple(Road(r.ref, r.name_zh, r.name_en, r.road_class, _degrees(r.line), r.ends) for r in roads),
        hills=tuple(_hills(land)),
        peaks=tuple(_peaks(land)),
    )


def _degrees(line: Line) -> Line:
    return tuple(
        (round(CENTRE[0] + x / KM_PER_DEG_LON, 5), round(CENTRE[1] + y / KM_PER_DEG_LAT, 5)) for x, y in line
    )


def kilometres(points: Floats) -> Floats:
    """Degrees (n×2, lon lat) to kilometres east and north of `CENTRE`; good to 0.2 % within the county."""
    return np.asarray((points - np.array(CENTRE)) * _SCALE, dtype=np.float64)


def _rivers(land: Land) -> tuple[River, ...]:
    names = (("樟江", "Zhang River", 220), ("临溪河", "Linxi Stream", 60), ("永宁河", "Yongning Stream", 70))
    return tuple(
        River(zh, en, width, _degrees(line)) for (zh, en, width), line in zip(names, land.rivers, strict=True)
    )


def _hills(land: Land) -> list[Hill]:
    hills = []
    for level in _TINTS_M:
        rings = contours(land.heights, level)
        mounds = [ring for ring in rings if _turns_left(ring)]
        hollows = [ring for ring in rings if not _turns_left(ring)]
        for mound in mounds:
            inner = [hollow for hollow in hollows if planar.inside(mound, np.array(hollow[:1]))[0]]
            for polygon in planar.clip_ring(mound, inner, land.outline, 0.6):
                smooth = (planar.simplify(rounded(ring), 0.04) for ring in polygon)
                hills.append(Hill(int(level), tuple(_degrees(ring) for ring in smooth)))
    return hills


def _turns_left(ring: Ring) -> bool:
    xs, ys = np.array(ring).T
    return bool(np.sum(xs[:-1] * ys[1:] - xs[1:] * ys[:-1]) > 0)


def _peaks(land: Land) -> list[Peak]:
    """Named tops, at most two to a township: 阁峰尖, 观山岭 …"""
    peaks: list[Peak] = []
    taken: dict[str, int] = {}
    for point, height in land.heights.peaks(3.0, 40):
        home = next(
            (c for c, ring in land.townships.items() if planar.inside(ring, np.array([point]), 0.4)[0]), None
        )
        if home is None or height < 200 or taken.get(home, 0) == 2 or len(peaks) == 14:
            continue
        suffix_zh, suffix_en = (("尖", "Peak"), ("岭", "Ridge"))[taken.get(home, 0)]
        taken[home] = taken.get(home, 0) + 1
        peaks.append(
            Peak(
                BY_CODE[home].short_zh + suffix_zh,
                f"{BY_CODE[home].pinyin} {suffix_en}",
                height,
                _degrees((point,))[0],
            )
        )
    return peaks


def base_map(seed: int) -> dict[str, Any]:
    """Draw the base map as a GeoJSON FeatureCollection, in drawing order (ground first, names last).

    `properties.kind` is one of county, hill, township, river, road, milestone, village; `name` is Chinese,
    `name_en` pinyin. A hill is a Polygon (`height_m` = the ground is higher than that) or a named Point.
    """
    land = county(seed)
    features = [
        _feature("Polygon", [land.outline], "county", COUNTY_ZH, COUNTY_EN, code=COUNTY_CODE),
        *(_feature("Polygon", hill.rings, "hill", "", "", height_m=hill.height_m) for hill in land.hills),
        *_townships(land),
        *(
            _feature("LineString", r.line, "river", r.name_zh, r.name_en, width_m=r.width_m)
            for r in land.rivers
        ),
        *(
            _feature("LineString", r.line, "road", r.name_zh, r.name_en, road_class=r.road_class, ref=r.ref)
            for r in land.roads
        ),
        *(_feature("Point", p.point, "hill", p.name_zh, p.name_en, height_m=p.height_m) for p in land.peaks),
        *(_feature("Point", at, "milestone", name, name) for name, at in milestones(land.roads)),
        *_villages(land, seed),
    ]
    return {"type": "FeatureCollection", "features": features}


def _feature(shape: str, coordinates: Any, kind: str, name: str, name_en: str, **more: Any) -> Feature:
    properties = {"kind": kind, "name": name, "name_en": name_en, **more}
    geometry = {"type": shape, "coordinates": _lists(coordinates)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _lists(coordinates: Any) -> Any:
    """Tuples to lists, so that the dict equals what comes back from its JSON."""
    return [_lists(item) for item in coordinates] if isinstance(coordinates, tuple | list) else coordinates


def _townships(land: County) -> list[Feature]:
    return [
        _feature(
            "Polygon", [land.townships[place.code]], "township", place.name_zh, place.name_en,
            code=place.code, region_kind=place.kind, seat=list(land.seats[place.code]),
        )
        for place in TOWNSHIPS
    ]  # fmt: skip


def _villages(land: County, seed: int) -> list[Feature]:
    features = []
    for code, short_zh in village_names(seed).items():
        kind, suffix = ("community", "社区") if code[9] == "0" else ("village", "村")
        home = of_region(code).name_zh
        features.append(
            _feature(
                "Point",
                land.villages[code],
                "village",
                short_zh + suffix,
                pinyin(short_zh),
                code=code,
                region_kind=kind,
                township=home,
            )
        )
    return features
