"""The status of every refusal of drones, and its faults in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.devices.drones.refusals import DroneFlies, NoPicture, NotLaunchedYet
from app.refusals import Refusal

DRONE_STATUS: Mapping[type[Refusal], int] = {DroneFlies: 409, NoPicture: 409, NotLaunchedYet: 409}
DRONE_FAULTS: Mapping[str, tuple[str, str]] = {
    "stop_has_no_address": (
        "停止直播不填地址",
        "a picture is stopped wherever it goes: leave the address out",
    ),
}
