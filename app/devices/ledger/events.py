"""The events of the register: for the desk, those who keep the devices, and auditors. Never a secret."""

from __future__ import annotations

from typing import Literal

from app.devices.ledger.facts import DeviceOut
from app.wire import Fact


class DeviceChanged(Fact):
    """A device was entered, amended (`changed` names the fields) or switched off."""

    type: Literal["device.registered", "device.amended", "device.switched_off"]
    device: DeviceOut
    changed: list[str] = []


class UnknownDismissed(Fact):
    """A number was taken off the quarantine list without being filed; should it speak again, it is back."""

    type: Literal["device.unknown_dismissed"]
    family: str
    number: str
    count: int
    reason: str


class DevicesImported(Fact):
    """A sheet was taken into the register: read the register again for what it says now."""

    type: Literal["device.imported"]
    created: int
    amended: int
    device_ids: list[int]
