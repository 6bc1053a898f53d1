"""What a message of a DJI aircraft means to the centre."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import msgspec

from app.devices.adapters.dji.messages import (
    Battery,
    Envelope,
    PositionState,
    Properties,
    State,
    Topology,
)
from app.devices.adapters.payload import sanitise
from app.signals import Fix, Health, Signal

_YEAR_2100_MS = 4_102_444_800_000
# mode_code of the aircraft (10.aircraft/10.m3d-properties.md): what it says of ground and air.
MODES = MappingProxyType(
    {
        0: ("standby", "on_ground"),
        1: ("preparing", "on_ground"),
        2: ("prepared", "on_ground"),
        3: ("manual", "in_air"),
        4: ("takeoff", "taking_off"),
        5: ("wayline", "in_air"),
        6: ("panorama", "in_air"),
        7: ("tracking", "in_air"),
        8: ("avoiding", "in_air"),
        9: ("returning", "in_air"),
        10: ("landing", "landing"),
        11: ("forced_landing", "landing"),
        12: ("three_blade_landing", "landing"),
        13: ("upgrading", "on_ground"),
        14: ("not_connected", ""),
        15: ("manual", "in_air"),
        16: ("virtual_stick", "in_air"),
        17: ("live_controls", "in_air"),
        18: ("rtk_fixing", "in_air"),
        19: ("choosing_place", "in_air"),
        20: ("circling", "in_air"),
    }
)


def device_time(envelope: Envelope) -> datetime | None:
    """Return when the sender says it sent; None for what no clock shows."""
    at = envelope.timestamp
    return datetime.fromtimestamp(at / 1000, UTC) if at is not None and 0 < at < _YEAR_2100_MS else None


def aircraft(envelope: Envelope, told: Properties) -> tuple[Signal, ...]:
    """Return the signals of an aircraft's properties."""
    facts = tuple(_facts(envelope, told))
    health = (Health(facts),) if facts else ()
    return (*health, *_fix(envelope, told))


def gateway(envelope: Envelope, told: Properties) -> tuple[Signal, ...]:
    """Return the signals of a dock or a remote control: where it stands, and whether the drone is in."""
    facts: list[tuple[str, float | int | str]] = [("role", "dock")]
    if told.drone_in_dock is not None:
        facts.append(("drone_in_dock", told.drone_in_dock))
    if told.wind_speed is not None:
        facts.append(("wind_mps", round(told.wind_speed, 1)))
    return (Health(tuple(facts)), *_fix(envelope, told))


def state(told: State) -> tuple[Signal, ...]:
    """Return the signals of a changed property."""
    if told.firmware_version is None:
        return ()
    return (Health((("firmware", sanitise(told.firmware_version)),)),)


def streams(told: State) -> dict[str, str]:
    """Return the name of the first stream of each aircraft that can send live: {sn}/{camera}/{video}."""
    found: dict[str, str] = {}
    for device in told.live_capacity.device_list if told.live_capacity else ():
        for camera in device.camera_list:
            for video in camera.video_list:
                found.setdefault(device.sn, f"{device.sn}/{camera.camera_index}/{video.video_index}")
    return found


def aircraft_of(told: Topology) -> list[str]:
    """Return the serial numbers of the aircraft that are with a gateway."""
    return [device.sn for device in told.sub_devices]


def _facts(envelope: Envelope, told: Properties) -> Iterator[tuple[str, float | int | str]]:
    yield from _battery(told.battery or Battery())
    for name, value in (
        ("height_m", told.elevation),
        ("heading_deg", _heading(told.attitude_head)),
        ("wind_mps", told.wind_speed),
        ("home_m", told.home_distance),
    ):
        if value is not None:
            yield name, round(value, 1)
    satellites = (told.position_state or PositionState()).gps_number
    if satellites is not None:
        yield "satellites", satellites
    mode, landed = MODES.get(told.mode_code, ("other", "")) if told.mode_code is not None else ("", "")
    camera = told.cameras[0].payload_index if told.cameras else ""
    words = (("mode", mode), ("landed", landed), ("gateway", envelope.gateway), ("camera", camera))
    yield from ((name, sanitise(word)) for name, word in words if word)


def _battery(told: Battery) -> Iterator[tuple[str, float | int | str]]:
    """Yield a battery's facts; what lies outside 0 to 100 (255) means that the drone does not know."""
    pct = told.capacity_percent
    if pct is not None:
        yield "battery", "known" if 0 <= pct <= 100 else "unknown"
        if 0 <= pct <= 100:
            yield "battery_pct", pct
    if told.remain_flight_time is not None:
        yield "remaining_s", told.remain_flight_time


def _heading(head: float | None) -> float | None:
    """Return a course from north over east: DJI counts -180 to 180."""
    return None if head is None else head % 360


def _fix(envelope: Envelope, told: Properties) -> Iterator[Fix]:
    """Yield where it is; 0/0 is an aircraft without satellites, and no place."""
    lon, lat = told.longitude, told.latitude
    if lon is None or lat is None or (lon, lat) == (0, 0) or not (abs(lon) <= 180 and abs(lat) <= 90):
        return
    speed = told.horizontal_speed
    yield Fix(
        lon=lon,
        lat=lat,
        fixed_at=device_time(envelope),
        altitude_m=told.height,
        speed_mps=None if speed is None else abs(speed),
        course_deg=_heading(told.attitude_head),
    )


def reading_fields(kind: str, sn: str, envelope: Envelope, data: Any) -> dict[str, Any]:
    """Return what was understood of a message, as `zhishou decode` prints it."""
    told = msgspec.to_builtins(data) if isinstance(data, msgspec.Struct) else data
    return {
        "kind": kind,
        "sn": sn,
        "tid": envelope.tid,
        "bid": envelope.bid,
        "timestamp": envelope.timestamp,
        "gateway": envelope.gateway,
        "method": envelope.method,
        "need_reply": envelope.need_reply,
        "data": {name: value for name, value in told.items() if value is not None},
    }
