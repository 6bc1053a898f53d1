"""The event of a device test."""

from __future__ import annotations

from typing import Literal

from app.devices.testing.facts import DeviceTestFact, TestStanding
from app.wire import Fact


class DeviceTested(Fact):
    """A device passed or failed its test; `standing` is how it stands from now on."""

    type: Literal["device.tested"]
    test: DeviceTestFact
    standing: TestStanding
