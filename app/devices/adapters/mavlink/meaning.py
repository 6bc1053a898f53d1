"""What a message of a drone means to the centre."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from app.devices.adapters.mavlink import messages
from app.devices.adapters.mavlink.frames import Frame
from app.signals import Fix, Health, Signal, Trouble

_GROUND_STATION, _NO_AUTOPILOT = 6, 8  # MAV_TYPE_GCS, MAV_AUTOPILOT_INVALID
_ARMED = 0x80  # MAV_MODE_FLAG_SAFETY_ARMED
_LANDED = MappingProxyType({1: "on_ground", 2: "in_air", 3: "taking_off", 4: "landing"})
_STANDS = MappingProxyType({3: "standby", 4: "active", 5: "critical", 6: "emergency"})
_CRITICAL = 2  # MAV_SEVERITY: 0 emergency, 1 alert, 2 critical
_UNKNOWN_HEADING = 65_535
_YEAR_2100_US = 4_102_444_800_000_000


def signals_of(frame: Frame, told: Mapping[str, Any]) -> tuple[Signal, ...]:
    """Return the signals of a message; () for one that says nothing to the centre."""
    meant = _MEANINGS.get(frame.message)
    return () if meant is None else tuple(meant(told))


def device_time(told: Mapping[str, Any]) -> datetime | None:
    """Return the wall clock that SYSTEM_TIME tells; None where the drone has none yet."""
    since = told["time_unix_usec"]
    return datetime.fromtimestamp(since // 1000 / 1000, UTC) if 0 < since < _YEAR_2100_US else None


def _heartbeat(told: Mapping[str, Any]) -> Iterator[Signal]:
    if told["type"] == _GROUND_STATION or told["autopilot"] == _NO_AUTOPILOT:
        return  # a ground station or a camera on the same link: no drone
    armed = "armed" if told["base_mode"] & _ARMED else "disarmed"
    yield Health((("motors", armed), ("mode", _STANDS.get(told["system_status"], "other"))))


def _sys_status(told: Mapping[str, Any]) -> Iterator[Signal]:
    yield Health(_battery(told["battery_remaining"]))


def _battery_status(told: Mapping[str, Any]) -> Iterator[Signal]:
    if told["id"] == 0:  # further batteries feed the payload
        yield Health(_battery(told["battery_remaining"]))


def _battery(pct: int) -> tuple[tuple[str, float | int | str], ...]:
    """Return a battery's facts; -1, which is 255 without a sign, means that the drone does not know."""
    if not 0 <= pct <= 100:
        return (("battery", "unknown"),)
    return (("battery", "known"), ("battery_pct", pct))


def _position(told: Mapping[str, Any]) -> Iterator[Signal]:
    height = told["relative_alt"] / 1000
    heading = None if told["hdg"] == _UNKNOWN_HEADING else told["hdg"] / 100
    facts: list[tuple[str, float | int | str]] = [("height_m", height)]
    if heading is not None:
        facts.append(("heading_deg", heading))
    yield Health(tuple(facts))
    lat, lon = told["lat"] / 1e7, told["lon"] / 1e7
    if (lat, lon) == (0.0, 0.0) or not (abs(lat) <= 90 and abs(lon) <= 180):
        return  # no fix yet
    east, north = told["vy"] / 100, told["vx"] / 100
    yield Fix(
        lon=lon,
        lat=lat,
        altitude_m=told["alt"] / 1000,
        speed_mps=round(math.hypot(north, east), 2),
        course_deg=round(math.degrees(math.atan2(east, north)) % 360, 1) if east or north else None,
    )


def _landed(told: Mapping[str, Any]) -> Iterator[Signal]:
    if state := _LANDED.get(told["landed_state"]):
        yield Health((("landed", state),))


def _words(told: Mapping[str, Any]) -> Iterator[Signal]:
    """Read what the autopilot says: the first part of a long text is enough, the rest is no new trouble."""
    if not told["text"] or told["chunk_seq"]:
        return
    yield Health((("says", told["text"]),))
    if told["severity"] <= _CRITICAL and not told["text"].startswith("PreArm"):
        said = hashlib.sha256(told["text"].encode()).hexdigest()[:16]
        yield Trouble("fault", f"says:{said}", told["text"])


_MEANINGS: Mapping[int, Callable[[Mapping[str, Any]], Iterator[Signal]]] = MappingProxyType(
    {
        messages.HEARTBEAT: _heartbeat,
        messages.SYS_STATUS: _sys_status,
        messages.GLOBAL_POSITION_INT: _position,
        messages.BATTERY_STATUS: _battery_status,
        messages.EXTENDED_SYS_STATE: _landed,
        messages.STATUSTEXT: _words,
    }
)
