"""A place in figures (坐标), decimal and in degrees, minutes and seconds (度分秒). Pure."""

from __future__ import annotations

PLACEHOLDER = "{坐标}"
"""What stands in an order for the place of its incident; `{coordinates}` is read as well."""
_ENGLISH = "{coordinates}"


def decimal(lon: float, lat: float) -> str:
    """Return a place in decimal degrees, longitude first as Chinese forms have it."""
    return f"{abs(lon):.5f}{'W' if lon < 0 else 'E'} {abs(lat):.5f}{'S' if lat < 0 else 'N'}"


def dms(lon: float, lat: float) -> str:
    """Return a place in degrees, minutes and seconds to a tenth (3 m)."""
    return f"{_angle(lon, 'EW')} {_angle(lat, 'NS')}"


def both(lon: float, lat: float) -> str:
    """Return a place both ways: one for a handset, one for a paper map."""
    return f"{decimal(lon, lat)}({dms(lon, lat)})"


def asks_for_place(text: str) -> bool:
    """Whether a text has the placeholder."""
    return PLACEHOLDER in text or _ENGLISH in text


def filled(text: str, lon: float, lat: float) -> str:
    """Return a text with the place where it stands."""
    return text.replace(PLACEHOLDER, both(lon, lat)).replace(_ENGLISH, both(lon, lat))


def _angle(degrees: float, letters: str) -> str:
    # Rounded first: 59.97 seconds are the next minute.
    tenths = round(abs(degrees) * 36_000)
    minutes, rest = divmod(tenths, 600)
    letter = letters[1] if degrees < 0 else letters[0]
    return f"{minutes // 60}°{minutes % 60:02d}′{rest // 10:02d}.{rest % 10}″{letter}"
