"""What a JT/T 808 message means to the centre: decoded bodies become signals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from app.devices.adapters.jt808.bodies import FIXED
from app.signals import Distress, Fix, Health, Receipt, Signal, Text, Trouble

CHINA_TIME = timezone(timedelta(hours=8))
"""BCD times of terminals are GMT+8 (§8.18)."""

_AHEAD_OF_UTC = timedelta(hours=8)
_ENCRYPTED = 1 << 5  # status: coordinates went through the encryption plug-in, useless as WGS-84
_SOS = 1 << 0
_FAULTS = (
    ("gnss_fault", 1 << 4),
    ("antenna_fault", 1 << 5 | 1 << 6),
    ("low_power", 1 << 7),
    ("power_lost", 1 << 8),
)
_FAULT_BITS = 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8
_AREA, _OFF_ROUTE = 1 << 20, 1 << 23
_TROUBLE_BITS = 1 << 7 | 1 << 8 | _AREA | _OFF_ROUTE
_AREA_ITEM = "0x12"  # type, area id, direction: 0 into the area, 1 out of it
_CLOCK_SET = 2015
_MAX_BARS = 31  # item 30 is the modem's signal quality of 27.007 (0 to 31); some makers send percent
_ACK_REASONS = MappingProxyType({1: "failed", 2: "bad_message", 3: "unsupported"})

_Told = tuple[str, float | int | str]
_Kind = Literal["low_battery", "power_lost", "left_area"]
_TROUBLES: tuple[tuple[int, _Kind, str], ...] = (
    (1 << 7, "low_battery", "主电源欠压 / low supply voltage"),
    (1 << 8, "power_lost", "主电源掉电 / main power lost"),
    (_OFF_ROUTE, "left_area", "偏离路线 / off its route"),
)


class _Source(NamedTuple):
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


def bcd_time(digits: str) -> datetime | None:
    """Read YYMMDDhhmmss in GMT+8 as aware UTC; None when it is no date (without time it is all zeros)."""
    if not digits.isdecimal():
        return None
    try:
        return datetime.fromisoformat(f"20{digits[:6]}T{digits[6:]}+00:00") - _AHEAD_OF_UTC
    except ValueError:
        return None


def _fix(body: Mapping[str, Any], fixed_at: datetime | None) -> Fix | None:
    """Say a fix, unless the coordinates are stale (status bit 1 clear), encrypted or impossible."""
    if body["status"] & (FIXED | _ENCRYPTED) != FIXED:
        return None
    lon, lat, direction = body["lon"], body["lat"], body["direction"]
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None
    course = float(direction) if direction < 360 else None
    return Fix(lon, lat, fixed_at, float(body["altitude_m"]), body["speed_kmh"] / 3.6, course)


def _where(source: _Source, body: Mapping[str, Any], at: datetime | None, fix: Fix | None) -> list[Signal]:
    said: list[Signal] = [] if fix is None else [fix]
    if body["alarm"] & _SOS:
        said.append(Distress(source.at(at, body["time_bcd"]), sent_at=at, fix=fix))
    return said


def _location(source: _Source, body: Mapping[str, Any]) -> list[Signal]:
    """0x0200: where, distress, the troubles that stand, and the state of the device itself."""
    at = bcd_time(body["time_bcd"])
    fix = _fix(body, at)
    said = _where(source, body, at, fix)
    if body["alarm"] & _TROUBLE_BITS:
        said += _troubles(source, body, at, fix)
    facts = _faults(body["alarm"] & _FAULT_BITS)
    for extra in body["extras"]:
        gauge = _GAUGES.get(extra["id"])
        if gauge and extra.get("len") == gauge.size:
            facts += gauge.tells(int(extra["hex"], 16))
    said.append(Health(facts))
    return said


def _troubles(
    source: _Source, body: Mapping[str, Any], at: datetime | None, fix: Fix | None
) -> Iterator[Trouble]:
    """Say which of the device's own alarms stand: every frame says so again, until they end."""
    alarm = body["alarm"]
    ref = source.at(at, body["time_bcd"])
    for bit, kind, text in _TROUBLES:
        if alarm & bit:
            yield Trouble(kind, f"{ref}-{kind}", text, sent_at=at, fix=fix)
    if alarm & _AREA and not alarm & _OFF_ROUTE and not _entered(body["extras"]):
        yield Trouble("left_area", f"{ref}-left_area", "驶出区域 / left its area", sent_at=at, fix=fix)


def _entered(extras: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the area alarm says that the vehicle came in, which is no trouble."""
    return any(extra["id"] == _AREA_ITEM and extra.get("hex", "")[-2:] == "00" for extra in extras)


@cache
def _faults(bits: int) -> tuple[_Told, ...]:
    """Say the faults as 0 or 1; there are 32 such answers."""
    return tuple((name, int(bool(bits & mask))) for name, mask in _FAULTS)


def _signal(level: int) -> tuple[_Told, ...]:
    percent = round(100 * level / _MAX_BARS) if level <= _MAX_BARS else min(level, 100)
    return ("signal_level", level), ("signal_pct", percent)


class _Gauge(NamedTuple):
    """How long the value of an item is, and what it tells."""

    size: int
    tells: Callable[[int], tuple[_Told, ...]]


_GAUGES: dict[str, _Gauge] = {
    "0x01": _Gauge(4, lambda tenths: (("mileage_km", tenths / 10),)),
    "0x30": _Gauge(1, _signal),
    "0x31": _Gauge(1, lambda count: (("satellites", count),)),
    # Of makers of handheld terminals, in tenths (Traccar reads it so; no captured frame proves it).
    "0x56": _Gauge(2, lambda told: (("battery_pct", min(10, told >> 8) * 10),)),
}


def _location_answer(source: _Source, body: Mapping[str, Any]) -> list[Signal]:
    """0x0201: a location that also answers our 0x8201."""
    return [*_location(source, body), Receipt(str(body["ack_serial"]), "delivered")]


def _batch(source: _Source, body: Mapping[str, Any]) -> Iterator[Signal]:
    """0x0704: the past, so no word about the state of the device now; an old SOS is still an SOS."""
    for item in body["items"]:
        at = bcd_time(item["time_bcd"])
        yield from _where(source, item, at, _fix(item, at))


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


_MEANINGS: Mapping[int, Callable[[_Source, Mapping[str, Any]], Iterable[Signal]]] = MappingProxyType(
    {
        0x0001: _terminal_ack,
        0x0200: _location,
        0x0201: _location_answer,
        0x0302: _answer,
        0x0704: _batch,
    }
)
