"""What a script leaves open, filled in: `${incident.id}`, `${@02:13:20}`, `${@04:05 +1}`, `${@now+30m}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

from app.scenario.paths import as_text, find
from app.scenario.terms import CannotFind

_OPEN = re.compile(r"\$\{([^${}]*)\}")  # the innermost: one may stand within another
_CLOCK = re.compile(r"^(\d{1,2}:\d{2}(?::\d{2})?)(?:\s*([+-]\d+))?$")
_DAY = re.compile(r"^(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2}(?::\d{2})?)$")
_NOW = re.compile(r"^now(?:\s*+([+-])\s*+(.+))?$")
_DATE = re.compile(r"^date(?:\s*([+-]\d+))?$")
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(d|h|m|s)")
_UNIT = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


class NoTime(ValueError):
    """Words that are no time, or no span of it."""


def span(text: str) -> timedelta:
    """Read `2m45s`, `30m`, `24h`. Raises NoTime."""
    found = _SPAN.findall(text)
    if not found or _SPAN.sub("", text).strip():
        raise NoTime(text)
    return sum((timedelta(**{_UNIT[unit]: float(number)}) for number, unit in found), timedelta())


def moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Read `02:14:40` of today, `04:05 +1` of tomorrow, `2025-07-02 20:30`, `now-5m`. Raises NoTime."""
    try:
        return _moment(text.strip(), now, zone)
    except ValueError:
        raise NoTime(text) from None


def _moment(told: str, now: datetime, zone: tzinfo) -> datetime:
    if found := _CLOCK.match(told):
        clock = found[1].zfill(len(found[1]) + (found[1].index(":") == 1))
        day = now.astimezone(zone).date() + timedelta(days=int(found[2] or 0))
        return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)
    if found := _DAY.match(told):
        return datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=zone).astimezone(UTC)
    if found := _NOW.match(told):
        by = span(found[2]) if found[2] else timedelta()
        return now - by if found[1] == "-" else now + by
    raise NoTime(told)


def fill(told: Any, names: Mapping[str, Any], now: datetime, zone: tzinfo) -> Any:
    """Return the same, filled in; what stands alone keeps its kind. Raises CannotFind."""
    if isinstance(told, Mapping):
        return {_filled(key, names, now, zone): fill(one, names, now, zone) for key, one in told.items()}
    if isinstance(told, list):
        return [filled for one in told for filled in _each(one, names, now, zone)]
    return _filled(told, names, now, zone) if isinstance(told, str) else told


def _each(told: Any, names: Mapping[str, Any], now: datetime, zone: tzinfo) -> list[Any]:
    """Return one item of a list, or as many as it says: `{repeat: 12, of: …}`; `${nn}` counts 01, 02 …"""
    if not isinstance(told, Mapping) or told.keys() != {"repeat", "of"}:
        return [fill(told, names, now, zone)]
    many = int(fill(told["repeat"], names, now, zone))
    return [fill(told["of"], {**names, "n": n, "nn": f"{n:02d}"}, now, zone) for n in range(1, many + 1)]


def _filled(told: Any, names: Mapping[str, Any], now: datetime, zone: tzinfo) -> Any:
    if not isinstance(told, str):
        return told
    while (inner := _OPEN.search(told)) is not None:
        found = _of(inner[1], names, now, zone)
        if inner[0] == told:
            return found
        told = f"{told[: inner.start()]}{as_text(found)}{told[inner.end() :]}"
    return told


def _of(name: str, names: Mapping[str, Any], now: datetime, zone: tzinfo) -> Any:
    if not name.startswith("@"):
        return find(names, name)
    told = name[1:].strip()
    if found := _DATE.match(told):
        return (now.astimezone(zone).date() + timedelta(days=int(found[1] or 0))).isoformat()
    try:
        return moment(told, now, zone).astimezone(zone).isoformat()
    except ValueError:
        raise CannotFind(f"看不懂时间“{told}”", f"the time {told!r} cannot be read") from None
