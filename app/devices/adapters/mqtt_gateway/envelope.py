"""The envelope of the gateway contract v1 as typed values (docs/devices/mqtt-gateway.schema.json).

One pass from JSON to a checked value. Unknown fields are ignored in events (a newer gateway may say more)
and refused in commands (a command half understood must not be carried out). Times are RFC 3339 with an
offset, speeds km/h as in OwnTracks, whose field names `location` uses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

# What msgspec raises for bytes that are not what is asked for.
NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
MAX_PAYLOAD = 64 * 1024
MAX_DEPTH = 16
MAX_TEXT = 2000  # characters; a radio carries some 140, a phone's concatenated message 10,710 at most
MAX_RAW = 4096  # hex digits of the wire frame kept for audit

Instant = Annotated[datetime, Meta(tz=True)]
Real = Annotated[float, Meta(ge=-1e6, le=1e6)]
Unix = Annotated[int, Meta(ge=-(2**53), le=2**53)]
Small = Annotated[int, Meta(ge=-(2**31), le=2**31)]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Words = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
Note = Annotated[str, Meta(max_length=MAX_TEXT)]
Number = Annotated[str, Meta(max_length=32)]
Hex = Annotated[str, Meta(pattern="^([0-9a-f]{2})*$", max_length=MAX_RAW)]
Lat = Annotated[float, Meta(ge=-90, le=90)]
Lon = Annotated[float, Meta(ge=-180, le=180)]
Percent = Annotated[float, Meta(ge=0, le=100)]
Seconds = Annotated[int, Meta(ge=1, le=86_400)]
Result = Literal["ok", "failed", "timeout", "rejected", "unsupported", "duplicate", "expired"]
Trouble = Literal["low_battery", "power_lost", "left_area", "tamper", "fault"]
EventType = Literal["join", "leave", "location", "text", "status", "emergency", "call", "ack", "txack", "log"]
CommandType = Literal[
    "cmd.text",
    "cmd.locate",
    "cmd.locate_periodic",
    "cmd.locate_stop",
    "cmd.check",
    "cmd.stun",
    "cmd.revive",
    "cmd.monitor",
    "cmd.call_start",
    "cmd.call_stop",
]

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_BRACKETS = re.compile(rb"[\[\]{}]")
_FIELD = re.compile(r"`\$\.(\w+)")
_KNOWN = frozenset(
    (
        *("v", "id", "ts", "type", "data", "seq", "epoch", "corr", "expires_at", "raw"),
        *("lat", "lon", "tst", "text", "result", "state", "active", "interval_s"),
    )
)


class Join(Struct, frozen=True):
    """A device registered; it counts as gone `renew_s` after its last word."""

    renew_s: Real | None = None


class Nothing(Struct, frozen=True):
    """No content that we know."""


class Location(Struct, frozen=True, gc=False):
    """A fix: WGS-84 degrees, `tst` Unix seconds of the fix, `vel` km/h, `cog` degrees, `acc`/`alt` metres."""

    lat: Lat
    lon: Lon
    tst: Unix
    valid: bool = True
    acc: Real | None = None
    alt: Real | None = None
    vel: Real | None = None
    cog: Real | None = None
    t: Literal["p", "c", "r", "u", "e"] | None = None
    rssi: Small | None = None


class TextBody(Struct, frozen=True):
    """Words from a device, or to it."""

    text: Words
    to: Number | None = None
    sender: Number | None = msgspec.field(default=None, name="from")
    group: bool | None = None
    want_ack: bool | None = None


class Status(Struct, frozen=True):
    """What a device tells of itself; `trouble` is an alarm of its own (设备告警)."""

    battery_pct: Percent | None = None
    signal_pct: Percent | None = None
    rssi_dbm: Real | None = None
    firmware: Note | None = None
    trouble: Trouble | None = None
    text: Note | None = None


class Emergency(Struct, frozen=True):
    """A call for help begins (`active`) or was taken back; `kind` is the maker's number."""

    active: bool
    kind: Small | None = None
    text: Note | None = None
    lat: Lat | None = None
    lon: Lon | None = None
    tst: Unix | None = None


class Call(Struct, frozen=True):
    """A voice call: `start`/`end` of talking on a radio, `ringing`/`answered`/`ended` of a telephone."""

    state: Literal["start", "end", "ringing", "answered", "ended"]
    call_id: Number | None = None
    sender: Number | None = msgspec.field(default=None, name="from")
    to: Number | None = None
    kind: Literal["group", "private", "all"] = "group"
    emergency: bool = False


class Answer(Struct, frozen=True):
    """What became of a command. With `duplicate` the `reason` is the stored result."""

    result: Result
    code: Small | Number | None = None
    reason: Note | None = None


class Event(Struct, frozen=True, kw_only=True, gc=False):
    """What every event says beside its `data`, which is read by its type.

    `family` tells what the number is, where a gateway carries several families.
    """

    v: Literal[1]
    id: UUID
    ts: Instant
    type: EventType
    data: msgspec.Raw
    seq: Count | None = None
    epoch: UUID | None = None
    corr: UUID | None = None
    raw: Hex | None = None
    family: Number | None = None


class Period(Struct, frozen=True, forbid_unknown_fields=True):
    """How often a device is to report its place."""

    interval_s: Seconds


class Empty(Struct, frozen=True, forbid_unknown_fields=True):
    """A command that needs no more than its name."""


class Order(Struct, frozen=True, forbid_unknown_fields=True):
    """A text to a device (`text`), to a group when its topic names one."""

    text: Words
    to: Number | None = None
    sender: Number | None = msgspec.field(default=None, name="from")
    group: bool | None = None
    want_ack: bool | None = None


class VoiceCall(Struct, frozen=True, forbid_unknown_fields=True):
    """A voice call to set up."""

    kind: Literal["group", "private", "all"] = "group"


class Command(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every command says; after `expires_at` it must not be carried out any more."""

    v: Literal[1]
    id: UUID
    ts: Instant
    type: CommandType
    expires_at: Instant
    data: msgspec.Raw
    seq: Count | None = None
    epoch: UUID | None = None
    corr: UUID | None = None
    raw: Hex | None = None


class Connection(Struct, frozen=True):
    """A gateway's retained state; its last will is the bare `{"state":"OFFLINE"}`."""

    state: Literal["ONLINE", "OFFLINE"]
    ts: Instant | None = None
    epoch: UUID | None = None
    sw: Note | None = None
    proto: Note | None = None


EVENT_DATA: Mapping[str, type[Struct]] = {
    "join": Join,
    "leave": Nothing,
    "location": Location,
    "text": TextBody,
    "status": Status,
    "emergency": Emergency,
    "call": Call,
    "ack": Answer,
    "txack": Answer,
    "log": Nothing,
}
COMMAND_DATA: Mapping[str, type[Struct]] = {
    "cmd.text": Order,
    "cmd.locate": Empty,
    "cmd.locate_periodic": Period,
    "cmd.locate_stop": Empty,
    "cmd.check": Empty,
    "cmd.stun": Empty,
    "cmd.revive": Empty,
    "cmd.monitor": Empty,
    "cmd.call_start": VoiceCall,
    "cmd.call_stop": Empty,
}
_HEADS = (msgspec.json.Decoder(Event), msgspec.json.Decoder(Command))
_BODIES = {name: msgspec.json.Decoder(kind) for name, kind in {**EVENT_DATA, **COMMAND_DATA}.items()}
_STATE = msgspec.json.Decoder(Connection)


@dataclass(frozen=True, slots=True)
class Message:
    """A good envelope with its content."""

    head: Event | Command
    data: Struct


def read_envelope(payload: bytes, *, command: bool = False) -> Message | str:
    """Return an event (or a command), or in a few words why it is none. Never raises."""
    if reason := _unfit(payload):
        return reason
    try:
        head = _HEADS[command].decode(payload)
        if head.corr is None and head.type in ("ack", "txack"):
            return "no corr"
        return Message(head, _BODIES[head.type].decode(head.data))
    except NOT_JSON as error:
        return _reason(error)


def read_state(payload: bytes) -> Connection | str:
    """Return a gateway's retained state, or why it is none. Never raises."""
    if reason := _unfit(payload):
        return reason
    try:
        return _STATE.decode(payload)
    except NOT_JSON as error:
        return _reason(error)


def _unfit(payload: bytes) -> str:
    if len(payload) > MAX_PAYLOAD:
        return "oversized"
    opened = payload.count(b"{") + payload.count(b"[")
    return "too deep" if opened > MAX_DEPTH and _depth(payload) > MAX_DEPTH else ""


def _depth(payload: bytes) -> int:
    """Return how deep the brackets nest; those inside strings do not count."""
    depth = deepest = 0
    for mark in _BRACKETS.findall(_STRING.sub(b"", payload)):
        depth += 1 if mark in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _reason(error: Exception) -> str:
    """Say what is wrong without the sender's words: reasons are labels of a counter."""
    found = _FIELD.search(str(error))
    if isinstance(error, msgspec.ValidationError):
        return f"invalid {found[1]}" if found and found[1] in _KNOWN else "invalid"
    return "no JSON"
