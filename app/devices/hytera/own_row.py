"""The repeater's own row in the register: it is there as long as its sessions stand."""

from __future__ import annotations

from app.devices.adapters.hdap import FAMILY
from app.devices.ports import Bench

NOTE_EVERY_S = 60.0
GONE_AFTER_S = 30.0
"""A repeater that restarts drops its sessions for a moment; a session itself ends after 60 s of silence."""
FAMILIES = ("repeater", FAMILY)
"""As what a repeater may be entered: as such, or as the radio whose id it has."""


class OwnRow:
    """Notes in the register that the repeater is there, and once that it is gone.

    `renew_s` makes its silence a matter of the watch, as with a registered radio; should this process die,
    the row falls silent by its age. Times are seconds of a monotonic clock.
    """

    def __init__(self, name: str, rig: Bench) -> None:
        self._name = name
        self._rig = rig
        self._device_id: int | None = None
        self._noted_at: float | None = None
        self._down_since: float | None = None
        self._told_gone = False

    async def note(self, radio_id: int, at: float, *, up: bool) -> None:
        """Take in whether any session stands; `radio_id` is 0 while the repeater has not told its own."""
        if up:
            await self._there(radio_id, at)
            return
        self._down_since = at if self._down_since is None else self._down_since
        if self._device_id is None or self._told_gone or at - self._down_since < GONE_AFTER_S:
            return
        self._rig.pump.note(self._device_id, {"connection": "offline"})
        self._told_gone, self._noted_at = True, None

    async def _there(self, radio_id: int, at: float) -> None:
        self._down_since = None
        if not radio_id or (self._noted_at is not None and at - self._noted_at < NOTE_EVERY_S):
            return
        self._noted_at = at
        self._device_id = await self._find(str(radio_id))
        if self._device_id is None:
            return
        facts = {"online": True, "renew_s": NOTE_EVERY_S, "connection": ""}
        self._rig.pump.note(self._device_id, facts, self._name)
        self._told_gone = False

    async def _find(self, number: str) -> int | None:
        for family in FAMILIES:
            device = await self._rig.register.find(family, number)
            if device is not None and device.kind == "repeater" and device.stream == self._rig.stream:
                return device.id
        return None
