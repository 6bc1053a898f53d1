"""The DJI Cloud API over MQTT: docks and remote controls that bring their aircraft to a cloud, here ours.

On the broker every message is whole; in a file or a pipe there is one JSON object a line, either
`{"topic": …, "payload": …}` (what `mosquitto_sub -F %J` prints) or a bare message, whose kind is told by
its `method` and its properties. The sources stand in `topics` and `messages`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from app.devices.adapter import Adapter, Garbage, Reading
from app.devices.adapters.dji import meaning, topics
from app.devices.adapters.dji.messages import MAX_PAYLOAD, NOT_JSON, Envelope, read
from app.devices.adapters.dji.topics import Topic, parse_topic
from app.devices.adapters.lines import LineCodec
from app.signals import Signal

FAMILY = "dji"
MAX_LINE = MAX_PAYLOAD + 2048

__all__ = ["ADAPTER", "FAMILY", "DjiCodec", "read_message", "topics"]


class _Wrapped(msgspec.Struct):
    topic: str
    payload: msgspec.Raw


_WRAPPED = msgspec.json.Decoder(_Wrapped)
_HEAD = msgspec.json.Decoder(Envelope)


def read_message(topic: str, payload: bytes) -> Reading | Garbage:
    """Read one message of the broker. Never raises.

    `Reading.sender` is the serial number in the topic, `kind` the topic's last word; `fields` name what was
    understood.
    """
    place = parse_topic(topic)
    return Garbage(payload, "wrong topic") if place is None else _read(place, payload)


def _read(place: Topic, payload: bytes) -> Reading | Garbage:
    found = read(place.kind, payload)
    if isinstance(found, str):
        return Garbage(payload, found)
    envelope, data = found
    fields = meaning.reading_fields(place.kind, place.sn, envelope, data)
    return Reading(FAMILY, place.kind, place.sn, fields, payload, _signals(place, envelope, data))


def _signals(place: Topic, envelope: Envelope, data: Any) -> tuple[Signal, ...]:
    if place.kind == "osd":
        of_gateway = place.sn == envelope.gateway or data.drone_in_dock is not None
        return (meaning.gateway if of_gateway else meaning.aircraft)(envelope, data)
    return meaning.state(data) if place.kind == "state" else ()


class DjiCodec(LineCodec):
    """Reads one JSON object a line; holds no more than one line."""

    def __init__(self) -> None:
        super().__init__(_line, MAX_LINE)


def _line(line: bytes) -> Reading | Garbage:
    try:
        wrapped = _WRAPPED.decode(line)
    except NOT_JSON:
        return _read(Topic("", _kind_of(line)), line)
    found = read_message(wrapped.topic, bytes(wrapped.payload))
    if isinstance(found, Garbage):
        return Garbage(line, found.reason)
    return Reading(found.family, found.kind, found.sender, found.fields, line, found.signals)


def _kind_of(payload: bytes) -> str:
    """Return as what a bare message is read: by its method, or as regular properties."""
    try:
        head = _HEAD.decode(payload) if len(payload) <= MAX_PAYLOAD else Envelope()
    except NOT_JSON:
        return "osd"
    if head.method == "update_topo":
        return "status"
    if not head.method:
        return "osd"
    return "services_reply" if b'"result"' in bytes(head.data) else "events"


ADAPTER = Adapter(
    family=FAMILY,
    title_zh="无人机 大疆上云 API",
    title_en="drones over the DJI Cloud API",
    codec=DjiCodec,
)
