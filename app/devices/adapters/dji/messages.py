"""The JSON of the DJI Cloud API, as far as we read it; what is not named here is passed over.

Field names from dji-sdk/Cloud-API-Doc, docs/en/60.api-reference/20.dock-to-cloud/00.mqtt:
00.topic-definition.md, 10.aircraft/10.m3d-properties.md, 20.dock/10.dock2/{00.properties,30.live}.md,
20.dock/00.dock1/10.device.md.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec

MAX_PAYLOAD = 64 * 1024
MAX_DEPTH = 24
NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_BRACKETS = re.compile(rb"[][{}]")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')

Word = Annotated[str, msgspec.Meta(max_length=128)]
Serial = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Envelope(msgspec.Struct):
    """What every message has around its `data`. `timestamp` is in milliseconds, by the sender's clock."""

    tid: Word = ""
    bid: Word = ""
    timestamp: int | None = None
    gateway: Word = ""
    method: Word = ""
    need_reply: int = 0
    data: msgspec.Raw = msgspec.Raw(b"{}")


class Battery(msgspec.Struct):
    """The aircraft's battery as a whole."""

    capacity_percent: float | None = None
    remain_flight_time: float | None = None


class Camera(msgspec.Struct):
    """A camera of the aircraft; the index stands in the name of its live stream."""

    payload_index: Word = ""


class PositionState(msgspec.Struct):
    """How many satellites the device sees."""

    gps_number: int | None = None


class Properties(msgspec.Struct):
    """Properties as `osd` brings them; all are optional, a message brings a part of them.

    `height` is above the ellipsoid, `elevation` above the place of the take-off, both in metres.
    """

    longitude: float | None = None
    latitude: float | None = None
    height: float | None = None
    elevation: float | None = None
    attitude_pitch: float | None = None
    attitude_roll: float | None = None
    attitude_head: float | None = None
    horizontal_speed: float | None = None
    vertical_speed: float | None = None
    wind_speed: float | None = None
    wind_direction: int | None = None
    mode_code: int | None = None
    home_distance: float | None = None
    battery: Battery | None = None
    position_state: PositionState | None = None
    cameras: list[Camera] | None = None
    # … of a dock
    drone_in_dock: int | None = None
    cover_state: int | None = None


class Video(msgspec.Struct):
    """A stream that a camera can send."""

    video_index: Word


class CameraCapacity(msgspec.Struct):
    """A camera that can send live."""

    camera_index: Word
    video_list: list[Video] = []


class DeviceCapacity(msgspec.Struct):
    """A device whose cameras can send live."""

    sn: Serial
    camera_list: list[CameraCapacity] = []


class LiveCapacity(msgspec.Struct):
    """What can be sent live through a gateway."""

    device_list: list[DeviceCapacity] = []


class State(msgspec.Struct):
    """Properties as `state` brings them, when they change."""

    live_capacity: LiveCapacity | None = None
    firmware_version: Word | None = None


class SubDevice(msgspec.Struct):
    """An aircraft that is with a gateway."""

    sn: Serial
    type: int | None = None
    sub_type: int | None = None


class Topology(msgspec.Struct):
    """Who is with a gateway: nobody, after its aircraft went off."""

    sub_devices: list[SubDevice] = []
    type: int | None = None
    sub_type: int | None = None


class Reply(msgspec.Struct):
    """The answer of a gateway to what it was asked: 0 is well, all else a code of DJI's list of errors."""

    result: int


_ENVELOPE = msgspec.json.Decoder(Envelope)
_DATA: dict[str, msgspec.json.Decoder[Any]] = {
    "osd": msgspec.json.Decoder(Properties),
    "state": msgspec.json.Decoder(State),
    "status": msgspec.json.Decoder(Topology),
    "services_reply": msgspec.json.Decoder(Reply),
    "events": msgspec.json.Decoder(dict[str, Any]),
    "services": msgspec.json.Decoder(dict[str, Any]),
    "status_reply": msgspec.json.Decoder(Reply),
}


def read(kind: str, payload: bytes) -> tuple[Envelope, Any] | str:
    """Return a message's envelope and its data, or in a few words why it is none. Never raises."""
    if len(payload) > MAX_PAYLOAD:
        return "oversized"
    if _too_deep(payload):
        return "too deep"
    try:
        envelope = _ENVELOPE.decode(payload)
        data = _DATA[kind].decode(envelope.data)
    except msgspec.ValidationError:
        return "invalid"
    except NOT_JSON:
        return "no JSON"
    if kind == "status" and envelope.method != "update_topo":
        return "wrong method"
    return envelope, data


def _too_deep(payload: bytes) -> bool:
    if payload.count(b"{") + payload.count(b"[") <= MAX_DEPTH:
        return False
    depth = deepest = 0
    for mark in _BRACKETS.findall(_STRING.sub(b"", payload)):
        depth += 1 if mark in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest > MAX_DEPTH


class Asked(msgspec.Struct):
    """A request of ours to a gateway."""

    tid: str
    bid: str
    timestamp: int
    method: str
    data: dict[str, Any]


class Answered(msgspec.Struct):
    """An answer of ours to a gateway."""

    tid: str
    bid: str
    timestamp: int
    method: str
    data: dict[str, int]


def written(message: Asked | Answered) -> bytes:
    """Return a message of ours as it goes to the broker."""
    return msgspec.json.encode(message)
