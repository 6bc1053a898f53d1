"""What an event of a gateway means to the centre: envelope in, signals out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.devices.adapters.mqtt_gateway.envelope import Event
from app.devices.adapters.payload import sanitise
from app.signals import Distress, Fix, Health, Presence, Receipt, Ring, Signal, Talk, Text, Trouble

KMH_PER_MPS = 3.6
_EARLIEST, _LATEST = 0, 4_102_444_800  # 1970 to 2100: what lies outside is no device's clock

# (event, result) → stage; every other answer is a failure. `duplicate` is read by the result it repeats.
STAGES: Mapping[tuple[str, str], str] = {("txack", "ok"): "accepted", ("ack", "ok"): "delivered"}


def signals_of(device: str, head: Event, data: Any) -> tuple[Signal, ...]:
    """Return the signals of an event about a device."""
    return tuple(_MEANINGS[head.type](device, head, data))


def fix_of(data: Any) -> Fix:
    """Return a location's fix; a time that no clock shows is none."""
    return Fix(
        lon=data.lon,
        lat=data.lat,
        fixed_at=_instant(data.tst),
        altitude_m=data.alt,
        speed_mps=None if data.vel is None or data.vel < 0 else round(data.vel / KMH_PER_MPS, 3),
        course_deg=data.cog,
    )


def _instant(unix: int | None) -> datetime | None:
    if unix is None or not _EARLIEST < unix < _LATEST:
        return None
    return datetime.fromtimestamp(unix, UTC)


def _location(_: str, head: Event, data: Any) -> Iterator[Signal]:
    """Read a position; an alarm inside it is a fact: `t` = "e" says that the emergency key sent it."""
    if data.valid:
        yield fix_of(data)
    if data.t == "e":
        yield Distress(_ref(head), head.ts.astimezone(UTC), fix_of(data) if data.valid else None)


def _join(_: str, __: Event, data: Any) -> Iterator[Signal]:
    yield Presence(online=True, renew_s=data.renew_s)


def _leave(_: str, __: Event, ___: Any) -> Iterator[Signal]:
    yield Presence(online=False)


def _text(_: str, head: Event, data: Any) -> Iterator[Signal]:
    yield Text(_ref(head), sanitise(data.text), data.text.encode(), head.ts.astimezone(UTC))


def _status(_: str, head: Event, data: Any) -> Iterator[Signal]:
    told = (
        ("battery_pct", data.battery_pct),
        ("signal_pct", data.signal_pct),
        ("rssi_dbm", data.rssi_dbm),
        ("firmware", None if data.firmware is None else sanitise(data.firmware)),
    )
    if facts := tuple((name, value) for name, value in told if value is not None):
        yield Health(facts)
    if data.trouble is not None:
        yield Trouble(data.trouble, str(head.id), sanitise(data.text or ""), head.ts.astimezone(UTC))


def _emergency(_: str, head: Event, data: Any) -> Iterator[Signal]:
    """Read a call for help. Taken back, it raises no alarm and closes none: a person decides that."""
    if not data.active:
        return
    fix = None
    if data.lat is not None and data.lon is not None:
        fix = Fix(lon=data.lon, lat=data.lat, fixed_at=_instant(data.tst))
    yield Distress(_ref(head), head.ts.astimezone(UTC), fix, sanitise(data.text or ""))


def _call(device: str, head: Event, data: Any) -> Iterator[Signal]:
    ref = data.call_id or f"{device}:{data.to or ''}"
    number = data.sender or device
    if data.state in ("start", "end"):
        target = (data.to or "").removeprefix("g")
        yield Talk(ref, data.state, number, target, data.kind, data.emergency)
    else:
        yield Ring(data.call_id or str(head.id), number, data.state)


def _answer(_: str, head: Event, data: Any) -> Iterator[Signal]:
    result = data.result
    if result == "duplicate":
        result = data.reason or "ok"
    stage = STAGES.get((head.type, result), "failed")
    code = "" if data.code is None else f" {data.code}"
    reason = "" if stage != "failed" else sanitise(f"{result}{code} {data.reason or ''}".strip())[:200]
    yield Receipt(str(head.corr), stage, reason)


def _nothing(_: str, __: Event, ___: Any) -> Iterator[Signal]:
    yield from ()


def _ref(head: Event) -> str:
    """Return what tells copies of one call or text apart from a new one.

    Two gateways that hear one radio give two ids to the same frame: where the frame itself is told, it
    decides.
    """
    if head.raw:
        return f"raw:{hashlib.sha256(head.raw.encode()).hexdigest()[:24]}"
    return str(head.id)


_MEANINGS: Mapping[str, Callable[[str, Event, Any], Iterator[Signal]]] = {
    "join": _join,
    "leave": _leave,
    "location": _location,
    "text": _text,
    "status": _status,
    "emergency": _emergency,
    "call": _call,
    "ack": _answer,
    "txack": _answer,
    "log": _nothing,
}
