"""What the organisation keeps: places and people, and the devices of the register."""

from app.org.store.devices import (
    DeviceFact,
    TextDevice,
    admit_device,
    device_by_id,
    device_by_number,
    devices_via,
    lock_device,
    note_health,
    note_unknown,
    phone_of,
    text_device,
    touch_devices,
    unknown_devices,
)
from app.org.store.places import (
    centre_names,
    has_app,
    holders,
    person_by_phone,
    region,
    region_path,
    regions_of,
)

__all__ = [
    "DeviceFact",
    "TextDevice",
    "admit_device",
    "centre_names",
    "device_by_id",
    "device_by_number",
    "devices_via",
    "has_app",
    "holders",
    "lock_device",
    "note_health",
    "note_unknown",
    "person_by_phone",
    "phone_of",
    "region",
    "region_path",
    "regions_of",
    "text_device",
    "touch_devices",
    "unknown_devices",
]
