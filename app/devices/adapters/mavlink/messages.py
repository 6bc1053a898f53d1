"""The payloads of the messages we read, by the common dialect (https://mavlink.io/en/messages/common.html).

On the wire the fields of a message stand by their size, the largest first, not as they are defined;
extensions of version 2 follow behind and are not read but for the parts of a long text.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

from app.devices.adapters.mavlink.frames import Frame
from app.devices.adapters.payload import sanitise

HEARTBEAT, SYS_STATUS, SYSTEM_TIME, GLOBAL_POSITION_INT = 0, 1, 2, 33
BATTERY_STATUS, EXTENDED_SYS_STATE, STATUSTEXT = 147, 245, 253

# number → (layout, the fields in the order of the wire); a name that begins with _ is passed over.
LAYOUTS: Mapping[int, tuple[struct.Struct, tuple[str, ...]]] = {
    HEARTBEAT: (
        struct.Struct("<IBBBBB"),
        ("custom_mode", "type", "autopilot", "base_mode", "system_status", "mavlink_version"),
    ),
    SYS_STATUS: (
        struct.Struct("<IIIHHhHHHHHHb"),
        (
            "_present",
            "_enabled",
            "_health",
            "load",
            "voltage_battery",
            "current_battery",
            "drop_rate_comm",
            "errors_comm",
            "_1",
            "_2",
            "_3",
            "_4",
            "battery_remaining",
        ),
    ),
    SYSTEM_TIME: (struct.Struct("<QI"), ("time_unix_usec", "time_boot_ms")),
    GLOBAL_POSITION_INT: (
        struct.Struct("<IiiiihhhH"),
        ("time_boot_ms", "lat", "lon", "alt", "relative_alt", "vx", "vy", "vz", "hdg"),
    ),
    BATTERY_STATUS: (
        struct.Struct("<iih20shBBBb"),
        (
            "current_consumed",
            "energy_consumed",
            "temperature",
            "_voltages",
            "current_battery",
            "id",
            "battery_function",
            "type",
            "battery_remaining",
        ),
    ),
    EXTENDED_SYS_STATE: (struct.Struct("<BB"), ("vtol_state", "landed_state")),
    STATUSTEXT: (struct.Struct("<B50s"), ("severity", "text")),
}
_TEXT_PART = struct.Struct("<HB")


def fields_of(frame: Frame) -> dict[str, Any]:
    """Return what a message says, by the names of its definition; {} for one that is not read."""
    if (known := LAYOUTS.get(frame.message)) is None:
        return {}
    layout, names = known
    whole = frame.payload.ljust(layout.size, b"\0")
    told = {
        name: value
        for name, value in zip(names, layout.unpack_from(whole), strict=True)
        if not name.startswith("_")
    }
    if frame.message == STATUSTEXT:
        told["text"] = sanitise(told["text"].split(b"\0")[0].decode("utf-8", "replace"))
        told["id"], told["chunk_seq"] = _TEXT_PART.unpack_from(whole.ljust(54, b"\0"), layout.size)
    return told
