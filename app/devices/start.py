"""Which drivers this node runs: one line a device family, in the order in which they start."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.devices import hytera
from app.devices.adapters import mavlink as adapter_of_mavlink
from app.devices.adapters import sbd as adapter_of_sbd
from app.devices.beidou import machine as beidou
from app.devices.beidou.dialects import DIALECTS
from app.devices.driver import Driver, Rig
from app.devices.drones import dji, mavlink
from app.devices.jt808 import terminals
from app.devices.links.serial import parse_links
from app.devices.mqtt import driver as mqtt
from app.devices.satphone import driver as satphone
from app.devices.satphone import numbers as satphone_numbers
from app.devices.sbd import driver as sbd

FAMILIES: Sequence[Callable[[Rig], list[Driver]]] = (
    terminals.drivers,
    beidou.drivers,
    satphone.drivers,
    sbd.drivers,
    hytera.drivers,
    mqtt.drivers,
    dji.drivers,
    mavlink.drivers,
)

# What may stand on a serial line (setting `serial_links`).
SERIAL_FAMILIES: Sequence[str] = (
    *DIALECTS,
    satphone_numbers.FAMILY,
    adapter_of_sbd.FAMILY,
    adapter_of_mavlink.FAMILY,
)


def all_drivers(rig: Rig) -> list[Driver]:
    """Return every driver that the settings ask for. Raises ValueError for a setting that names none."""
    for link in parse_links(rig.settings.serial_links):
        if link.family not in SERIAL_FAMILIES:
            raise ValueError(
                f"不支持的串口设备类型 {link.family},可用:{'、'.join(SERIAL_FAMILIES)} / "
                f"unknown serial family {link.family!r}: use one of {', '.join(SERIAL_FAMILIES)}"
            )
    return [driver for drivers in FAMILIES for driver in drivers(rig)]
