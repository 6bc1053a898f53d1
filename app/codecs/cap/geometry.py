"""Polygons and circles of CAP (§3.2.4): read strictly, written shortly."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.codecs.cap.alert import Circle, Point, Ring

MOST_POINTS = 20_000
_EARTH_KM = 20_038.0  # half of the earth's girth: a larger radius covers nothing more

_NUMBER = r"[+-]?(?:[0-9]{1,3}(?:\.[0-9]{0,17})?|\.[0-9]{1,17})"
_POINT = re.compile(rf"({_NUMBER}),({_NUMBER})")
_CIRCLE = re.compile(rf"({_NUMBER}),({_NUMBER})\s+\+?([0-9]{{1,8}}(?:\.[0-9]{{0,17}})?|\.[0-9]{{1,17}})")


class BadGeometry(ValueError):
    """A polygon or circle that is none; `zh` and `en` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Box:
    """The degrees within which a jurisdiction lies, for what only it can tell: swapped coordinates."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, point: Point) -> bool:
        """Say whether a point lies within."""
        return self.south <= point[0] <= self.north and self.west <= point[1] <= self.east

    def swapped(self, ring: Ring) -> bool:
        """Say whether points all lie outside, but inside when longitude and latitude change places."""
        outside = not any(self.holds(point) for point in ring)
        return outside and all(self.holds((lon, lat)) for lat, lon in ring)


def ring_of(text: str) -> Ring:
    """Read `lat,lon lat,lon …`: at least four points, the last equal to the first.

    Raises BadGeometry.
    """
    words = text.split()
    if len(words) > MOST_POINTS:
        raise BadGeometry(f"超过 {MOST_POINTS} 个点", f"more than {MOST_POINTS} points")
    ring = tuple(_point(word) for word in words)
    if len(ring) < 4:
        raise BadGeometry(f"只有 {len(ring)} 个点,至少要 4 个", f"{len(ring)} points, at least 4 are needed")
    if ring[0] != ring[-1]:
        raise BadGeometry("没有闭合,末点应与首点相同", "not closed: the last point must be the first")
    return ring


def circle_of(text: str) -> Circle:
    """Read `lat,lon radius`, the radius in the message's unit (CAP: km).

    Raises BadGeometry.
    """
    found = _CIRCLE.fullmatch(text.strip())
    if found is None:
        raise BadGeometry("应写作“纬度,经度 半径”", "write it as `lat,lon radius`")
    return Circle(_in_range(float(found[1]), float(found[2])), float(found[3]))


def beyond_the_earth(circle: Circle) -> bool:
    """Say whether a radius in km is larger than the earth: metres were meant."""
    return circle.radius_km > _EARTH_KM


def crosses_itself(ring: Ring) -> bool:
    """Say whether the line of a polygon meets itself elsewhere than at its ends."""
    import shapely  # type: ignore[import-untyped]  # 2.2 ships no py.typed

    return not shapely.LinearRing(ring).is_simple


def written(point: Point) -> str:
    """Return `lat,lon` with no more digits than needed, never with an exponent."""
    return f"{_plain(point[0])},{_plain(point[1])}"


def circle_text(circle: Circle) -> str:
    """Return `lat,lon radius`."""
    return f"{written(circle.centre)} {_plain(circle.radius_km)}"


def _plain(number: float) -> str:
    text = repr(number)
    if "e" in text:
        text = f"{number:.17f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _point(word: str) -> Point:
    found = _POINT.fullmatch(word)
    if found is None:
        raise BadGeometry("不是“纬度,经度”数对", "not all of it is `lat,lon` pairs")
    return _in_range(float(found[1]), float(found[2]))


def _in_range(lat: float, lon: float) -> Point:
    if abs(lat) > 90 or abs(lon) > 180:
        raise BadGeometry(
            f"坐标 {lat},{lon} 超出范围(先纬度后经度)",
            f"{lat},{lon} is out of range (latitude comes first)",
        )
    return lat, lon
