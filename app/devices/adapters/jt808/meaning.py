"""What a JT/T 808 message means to the centre: decoded bodies become signals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

from app.devices.adapters.jt808.bodies import FIXED
from app.signals import Distress, Fix, Health, Receipt, Signal, Text

CHINA_TIME = timezone(timedelta(hours=8))
"""BCD times of terminals are GMT+8 (§8.18)."""

_ENCRYPTED = 1 << 5  # status: coordinates went through the encryption plug-in, useless as WGS-84
_SOS = 1 << 0
_FAULTS = (
    ("gnss_fault", 1 << 4),
    ("antenna_fault", 1 << 5 | 1 << 6),
    ("low_power", 1 << 7),
    ("power_lost", 1 << 8),
)
_CLOCK_SET = 2015
_GAUGES = MappingProxyType({"0x30": "signal_level", "0x31": "satellites"})
_ACK_REASONS = MappingProxyType({1: "failed", 2: "bad_message", 3: "unsupported"})


@dataclass(frozen=True, slots=True)
class _Source:
    """Who sent a message, under which serial."""

    sender: str
    serial: int

    @property
    def message(self) -> str:
        """What tells the message from another one."""
        return f"{self.sender}-{self.serial}"

    def at(self, moment: datetime | None, digits: str) -> str:
        """Return what tells a state at an instant from another one, whatever message carries it.

        A call is repeated under new serials, and once more in a batch (0x0704), always with its time. A
        clock that was never set starts in 2000 and says the same time for every call: no help either.
        """
        return (
            f"{self.sender}-{digits}" if moment and moment.year >= _CLOCK_SET else f"{self.message}-{digits}"
        )


def signals_of(msg_id: int, sender: str, serial: int, body: Mapping[str, Any]) -> tuple[Signal, ...]:
    """Return what a decoded body means; empty for messages that concern only the session."""
    meaning = _MEANINGS.get(msg_id)
    if meaning is None or "body_hex" in body:
        return ()
    return tuple(meaning(_Source(sender, serial), body))


def bcd_time(digits: str, zone: timezone = CHINA_TIME) -> datetime | None:
    """Read YYMMDDhhmmss as aware UTC; None when it is no date (a terminal without time sends zeros)."""
    if not digits.isdecimal():
        return None
    year, month, day, hour, minute, second = (int(digits[at : at + 2]) for at in range(0, 12, 2))
    try:
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None


def _fix(body: Mapping[str, Any], fixed_at: datetime | None) -> Fix | None:
    """Say a fix, unless the coordinates are stale (status bit 1 clear), encrypted or impossible."""
    if body["status"] & (FIXED | _ENCRYPTED) != FIXED:
        return None
    lon, lat, direction = body["lon"], body["lat"], body["direction"]
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None
    return Fix(
        lon=lon,
        lat=lat,
        fixed_at=fixed_at,
        altitude_m=float(body["altitude_m"]),
        speed_mps=body["speed_kmh"] / 3.6,
        course_deg=float(direction) if direction < 360 else None,
    )


def _where(source: _Source, body: Mapping[str, Any]) -> Iterator[Signal]:
    at = bcd_time(body["time_bcd"])
    fix = _fix(body, at)
    if fix:
        yield fix
    if body["alarm"] & _SOS:
        yield Distress(source.at(at, body["time_bcd"]), sent_at=at, fix=fix)


def _location(source: _Source, body: Mapping[str, Any]) -> Iterator[Signal]:
    """0x0200: where, distress, and the state of the device itself (faults as 0 or 1)."""
    yield from _where(source, body)
    alarm = body["alarm"]
    facts: list[tuple[str, float | int | str]] = [(name, int(bool(alarm & bits))) for name, bits in _FAULTS]
    for extra in body["extras"]:
        name = _GAUGES.get(extra["id"])
        if name and extra.get("len") == 1:
            facts.append((name, int(extra["hex"], 16)))
    yield Health(tuple(facts))


def _location_answer(source: _Source, body: Mapping[str, Any]) -> Iterator[Signal]:
    """0x0201: a location that also answers our 0x8201."""
    yield from _location(source, body)
    yield Receipt(str(body["ack_serial"]), "delivered")


def _batch(source: _Source, body: Mapping[str, Any]) -> Iterator[Signal]:
    """0x0704: the past, so no word about the state of the device now; an old SOS is still an SOS."""
    for item in body["items"]:
        yield from _where(source, item)


def _terminal_ack(_: _Source, body: Mapping[str, Any]) -> Iterator[Signal]:
    result = body["result"]
    if result == 0:
        yield Receipt(str(body["ack_serial"]), "delivered")
    else:
        reason = _ACK_REASONS.get(result, f"result_{result}")
        yield Receipt(str(body["ack_serial"]), "failed", reason)


def _answer(source: _Source, body: Mapping[str, Any]) -> Iterator[Signal]:
    """0x0302: an answer is a text, and proof that the question (0x8302) was delivered."""
    answer = body["answer_id"]
    yield Text(source.message, str(answer), bytes((answer,)))
    yield Receipt(str(body["ack_serial"]), "delivered")


_MEANINGS: Mapping[int, Callable[[_Source, Mapping[str, Any]], Iterator[Signal]]] = MappingProxyType(
    {
        0x0001: _terminal_ack,
        0x0200: _location,
        0x0201: _location_answer,
        0x0302: _answer,
        0x0704: _batch,
    }
)
