"""What is remembered of a terminal from report to report, over its reconnections.

Its clock, the troubles that stand, and when its health was last passed on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from app.devices.adapter import Reading
from app.devices.jt808 import standing
from app.devices.jt808.device_clock import DeviceClock
from app.devices.jt808.standing import Standing
from app.signals import Distress, Fix, Health, Signal, Trouble

HEALTH_EVERY = timedelta(seconds=30)
"""How often gauges (signal, mileage) reach the register; a fault that comes or goes is passed on at once."""

_LIVE = frozenset({"0x0200", "0x0201"})  # reports of the present; 0x0704 is the past
_GAUGES = frozenset({"signal_level", "signal_pct", "mileage_km", "satellites", "battery_pct"})


@dataclass(slots=True)
class TerminalMemory:
    """One terminal's memory; `hear` is given every reading of it, in order."""

    clock: DeviceClock = field(default_factory=DeviceClock)
    troubles: dict[str, Standing] | None = None
    health_at: datetime | None = None
    faults: tuple[object, ...] = ()

    def hear(self, reading: Reading, now: datetime) -> Reading:
        """Return the reading as it is to be believed: times put right, nothing told that was told before."""
        live = reading.kind in _LIVE
        extra: Health | None = None
        if live and (fixed_at := _time_of(reading)) is not None:
            before, self.clock = self.clock, self.clock.after(fixed_at, now)
            if before.offset != self.clock.offset:
                seconds = int(self.clock.offset.total_seconds())
                extra = Health((("clock_offset_s", seconds),))
        signals = [kept for one in reading.signals if (kept := self._kept(one, now)) is not None]
        if live and self.troubles:
            self._forget_ended(reading, now)
        if extra is not None:
            signals.append(extra)
        if len(signals) == len(reading.signals) and all(map(_same, signals, reading.signals)):
            return reading
        return replace(reading, signals=tuple(signals))

    def _kept(self, signal: Signal, now: datetime) -> Signal | None:
        if isinstance(signal, Health):
            return signal if self._tells(signal, now) else None
        if self.clock.offset:
            signal = _put_right(signal, self.clock.offset)
        if isinstance(signal, Trouble):
            if self.troubles is None:
                self.troubles = {}
            held, tell = standing.heard(self.troubles.get(signal.kind), signal.ref, now)
            self.troubles[signal.kind] = held
            return replace(signal, ref=held.ref) if tell else None
        return signal

    def _tells(self, told: Health, now: datetime) -> bool:
        faults = tuple(fact for fact in told.facts if fact[0] not in _GAUGES)
        if faults == self.faults and self.health_at is not None and now - self.health_at < HEALTH_EVERY:
            return False
        self.faults, self.health_at = faults, now
        return True

    def _forget_ended(self, reading: Reading, now: datetime) -> None:
        assert self.troubles is not None
        stand = {signal.kind for signal in reading.signals if isinstance(signal, Trouble)}
        for kind in self.troubles.keys() - stand:
            left = standing.missed(self.troubles[kind], now)
            if left is None:
                del self.troubles[kind]
            else:
                self.troubles[kind] = left


def _time_of(reading: Reading) -> datetime | None:
    return next((signal.fixed_at for signal in reading.signals if isinstance(signal, Fix)), None)


def _same(one: object, other: object) -> bool:
    return one is other


def _put_right(signal: Signal, offset: timedelta) -> Signal:
    """Move a device's times by what its clock is behind."""
    if isinstance(signal, Fix):
        return replace(signal, fixed_at=signal.fixed_at + offset) if signal.fixed_at else signal
    if isinstance(signal, Distress | Trouble):
        changes: dict[str, Any] = {}
        if signal.sent_at:
            changes["sent_at"] = signal.sent_at + offset
        if signal.fix:
            changes["fix"] = _put_right(signal.fix, offset)
        return replace(signal, **changes)
    return signal
