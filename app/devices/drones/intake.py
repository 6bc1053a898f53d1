"""Readings of drones become facts: late ones are garbage, wrong clocks told, take-off and landing noted."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime, timedelta

from app.devices.adapter import Garbage, Reading
from app.devices.driver import Rig
from app.devices.drones.rules import DroneLimits, clock_off_s, is_late, passing
from app.devices.drones.settings import load_drone_limits
from app.devices.garbage import note_garbage
from app.devices.metrics import READINGS, REFUSED
from app.org.store import DeviceFact
from app.signals import Fix, Health, Signal

FIX_EVERY = timedelta(seconds=1)  # autopilots tell ten a second: a trail needs one
QUARANTINE_EVERY = timedelta(seconds=60)
MAX_KNOWN = 1_000


class _Known:
    """What is remembered of a drone between two of its messages."""

    def __init__(self) -> None:
        self.last_ms: int | None = None
        self.fix_at: datetime | None = None
        self.landed: str | None = None
        self.battery_pct: float | None = None


class DroneIntake:
    """Takes readings of one family in, in their order."""

    def __init__(self, rig: Rig, family: str) -> None:
        self._rig = rig
        self._family = family
        self.limits: DroneLimits = load_drone_limits(rig.settings.drone_rules)
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._strangers: OrderedDict[str, datetime] = OrderedDict()

    async def hear(
        self, reading: Reading, via: str, *, at_ms: int | None = None, told_time: datetime | None = None
    ) -> DeviceFact | None:
        """Take one reading in; `at_ms` orders it, `told_time` is by its clock. None: nobody's, or late.

        Raises what the database raises.
        """
        READINGS.labels(self._family, reading.kind).inc()
        device = await self._rig.register.find(self._family, reading.sender)
        if device is None:
            await self._stranger(reading)
            return None
        known = self._of(reading.sender)
        if at_ms is not None:
            if is_late(known.last_ms, at_ms):
                note_garbage(self._family, Garbage(reading.raw, "out of order"))
                return None
            known.last_ms = at_ms
        signals = self._in_time(device, known, reading.signals, told_time)
        await self._rig.pump.hear(device, replace(reading, signals=signals), via)
        self._note_passing(device, known, signals)
        return device

    def _of(self, number: str) -> _Known:
        found = self._known.setdefault(number, _Known())
        self._known.move_to_end(number)
        while len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)
        return found

    def _in_time(
        self, device: DeviceFact, known: _Known, signals: tuple[Signal, ...], told_time: datetime | None
    ) -> tuple[Signal, ...]:
        """Return the signals with times that can be true, and one position a second."""
        now = self._rig.clock.now()
        off = 0
        if told_time is not None:
            off = clock_off_s(told_time, now, self.limits)
            self._rig.pump.note(device.id, {"clock_off_s": off})
        kept: list[Signal] = []
        for signal in signals:
            if isinstance(signal, Fix):
                if known.fix_at is not None and timedelta(0) <= now - known.fix_at < FIX_EVERY:
                    continue
                known.fix_at = now
                kept.append(replace(signal, fixed_at=None) if off else signal)
            else:
                kept.append(signal)
        return tuple(kept)

    def _note_passing(self, device: DeviceFact, known: _Known, signals: tuple[Signal, ...]) -> None:
        """Keep when it left the ground and came back, and its battery then: a mission may take them over."""
        told = {name: value for s in signals if isinstance(s, Health) for name, value in s.facts}
        if isinstance(pct := told.get("battery_pct"), int | float):
            known.battery_pct = float(pct)
        landed = told.get("landed")
        if not isinstance(landed, str):
            return
        happened, known.landed = passing(known.landed, landed), landed
        if happened is not None:
            at = self._rig.clock.now().isoformat()
            self._rig.pump.note(
                device.id,
                {f"{happened.name}_at": at, f"{happened.name}_pct": known.battery_pct},
            )

    async def _stranger(self, reading: Reading) -> None:
        """Note a number that stands in no register, once a minute; it is not believed."""
        if not reading.signals:
            return
        REFUSED.labels(self._family, "unknown device").inc()
        now = self._rig.clock.now()
        last = self._strangers.get(reading.sender)
        if last is not None and now - last < QUARANTINE_EVERY:
            return
        self._strangers[reading.sender] = now
        while len(self._strangers) > MAX_KNOWN:
            self._strangers.popitem(last=False)
        await self._rig.register.quarantine(self._family, reading.sender, reading.raw)
