"""What devices say, in one vocabulary with units, whatever their protocol (signals are nouns).

Coordinates are WGS-84 degrees (CGCS2000 to within decimetres), times are aware UTC.
Three times are kept apart: `fixed_at` / `sent_at` is the device's own clock, "heard" is ours and is
added by the pump, "entered" belongs to people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fix:
    """A position: where a device says it is. `fixed_at` is None when the device gives no usable time."""

    lon: float
    lat: float
    fixed_at: datetime | None = None
    altitude_m: float | None = None
    speed_mps: float | None = None
    course_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Distress:
    """Somebody calls for help (SOS key, emergency bit, distress text).

    `ref` tells copies of one call apart from a new call (e.g. frame serial and device time).
    """

    ref: str
    sent_at: datetime | None = None
    fix: Fix | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text message from a person or device. Untrusted: control characters are already stripped."""

    ref: str
    text: str
    raw: bytes
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A device answers for a message of ours.

    `ref` is our own reference on the wire (a JT808 serial, a command name); `stage` is `accepted`
    (the radio took it: not proof of delivery), `delivered` (the far terminal answered) or `failed`.
    `retry_after_s` is what the device asks us to wait, if it says so.
    """

    ref: str
    stage: str
    reason: str = ""
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What a device tells of itself: battery, signal, card. Keys carry their unit (`battery_pct`)."""

    facts: tuple[tuple[str, float | int | str], ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """A device registered at its network or left it. It counts as gone `renew_s` after its last word."""

    online: bool
    renew_s: float | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """Somebody begins or ends to talk on a radio network. Numbers are decimal; `ref` pairs start and end."""

    ref: str
    stage: Literal["start", "end"]
    talker: str
    target: str
    target_kind: Literal["group", "private", "all"] = "group"
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Ring:
    """A telephone of the centre rings: who calls, as told by the network ("" when withheld)."""

    ref: str
    number: str
    stage: Literal["ringing", "answered", "ended"] = "ringing"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A device is in trouble, not its holder: its own alarm (设备告警), e.g. a battery that runs out.

    `ref` tells copies apart from a new trouble, as with Distress.
    """

    kind: Literal["low_battery", "power_lost", "left_area", "tamper", "fault", "silent"]
    ref: str
    text: str = ""
    sent_at: datetime | None = None
    fix: Fix | None = None


Signal = Fix | Distress | Text | Receipt | Health | Presence | Talk | Ring | Trouble
