"""The 40 ASCII characters of a position in LP reports (§2.6); any field may be filled with NUL."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import pairwise

from app.devices.adapters.hytera.layout import Cursor, Fields
from app.signals import Fix

SIZE = 40
MPS_PER_KNOT = 1852 / 3600

_CUTS = (0, 1, 7, 13, 14, 23, 24, 34, 37, 40)
_ANGLE = re.compile(r"([0-9]{2,3})([0-5][0-9]\.[0-9]{4})\Z")
_NUMBER = re.compile(r"[0-9]{1,3}\Z|[0-9]{0,2}\.[0-9]{1,2}\Z")
_CLOCK = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])\Z")


def read_gps(cursor: Cursor) -> Fields:
    """Read A|V, HHMMSS, DDMMYY, N|S ddmm.mmmm, E|W dddmm.mmmm, knots, course; None where there is nothing."""
    text = cursor.take(SIZE).decode("ascii", "replace").replace("\0", " ")
    valid, clock, date, ns, lat, ew, lon, speed, course = (
        text[start:end].strip() for start, end in pairwise(_CUTS)
    )
    return {
        "valid": valid == "A",
        "time_utc": ":".join(match.groups()) if (match := _CLOCK.match(clock)) else None,
        "date": _date(date),
        "lat": _angle(lat, 90, negative=ns == "S"),
        "lon": _angle(lon, 180, negative=ew == "W"),
        "speed_knots": _number(speed),
        "course_deg": _number(course),
    }


def fix_of(gps: Fields) -> Fix | None:
    """Say a position, None when it is not valid; without date or time it has no `fixed_at`."""
    if not gps["valid"] or gps["lat"] is None or gps["lon"] is None:
        return None
    at = None
    if gps["date"] and gps["time_utc"]:
        at = datetime.fromisoformat(f"{gps['date']}T{gps['time_utc']}").replace(tzinfo=UTC)
    knots = gps["speed_knots"]
    return Fix(
        gps["lon"],
        gps["lat"],
        fixed_at=at,
        speed_mps=None if knots is None else round(knots * MPS_PER_KNOT, 2),
        course_deg=gps["course_deg"],
    )


def write_gps(lon: float, lat: float, at: datetime | None, *, knots: float = 0.0, course: int = 0) -> bytes:
    """Write a valid position; without a time its twelve characters are NUL, as some radios do."""
    when = at.astimezone(UTC).strftime("%H%M%S%d%m%y") if at else "\0" * 12
    speed = f"{knots:.1f}" if knots < 10 else f"{min(knots, 999):3.0f}"
    return (
        f"A{when}{'S' if lat < 0 else 'N'}{_dm(lat, 2)}{'W' if lon < 0 else 'E'}{_dm(lon, 3)}"
        f"{speed}{course % 360:03d}"
    ).encode("ascii")


def _date(text: str) -> str | None:
    try:
        return date(2000 + int(text[4:]), int(text[2:4]), int(text[:2])).isoformat()
    except ValueError:
        return None


def _angle(text: str, limit: int, *, negative: bool) -> float | None:
    match = _ANGLE.match(text)
    if match is None:
        return None
    degrees = round(int(match[1]) + float(match[2]) / 60, 6)
    if degrees > limit:
        return None
    return -degrees if negative else degrees


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.match(text) else None


def _dm(degrees: float, width: int) -> str:
    """Write ddmm.mmmm; rounding in ten-thousandths of a minute, so that 59.99999 does not become 60."""
    whole, rest = divmod(round(abs(degrees) * 600_000), 600_000)
    return f"{whole:0{width}d}{rest / 10_000:07.4f}"
