"""The gateway contract over MQTT v1: what a gateway says of the devices it hears, as JSON.

On the broker every message is whole; in a file or a pipe there is one JSON object a line, either a bare
payload or `{"topic": …, "payload": …}`, and that is what this codec reads.
"""

from __future__ import annotations

import re
from typing import Any, cast

import msgspec

from app.devices.adapter import Adapter, Garbage, Reading
from app.devices.adapters.lines import LineCodec
from app.devices.adapters.mqtt_gateway import topics
from app.devices.adapters.mqtt_gateway.envelope import (
    MAX_PAYLOAD,
    NOT_JSON,
    Connection,
    Event,
    Message,
    read_envelope,
    read_state,
)
from app.devices.adapters.mqtt_gateway.meaning import signals_of
from app.devices.adapters.mqtt_gateway.topics import DeviceTopic, StateTopic, parse_topic

FAMILY = "mqtt-gateway"
MAX_LINE = MAX_PAYLOAD + 2048
_COMMAND = re.compile(rb'"type"\s*:\s*"cmd\.')
_STATE = re.compile(rb'"state"\s*:\s*"(?:ONLINE|OFFLINE)"')

__all__ = ["ADAPTER", "FAMILY", "read_message", "topics"]


class _Wrapped(msgspec.Struct):
    topic: str
    payload: msgspec.Raw


_WRAPPED = msgspec.json.Decoder(_Wrapped)


def read_message(topic: str, payload: bytes) -> Reading | Garbage:
    """Read one message of the broker. Never raises.

    `Reading.sender` is the device, or the gateway when it tells its state; `fields` name the gateway, the
    device and what was understood of the payload.
    """
    place = parse_topic(topic)
    if place is None:
        return Garbage(payload, "wrong topic")
    if isinstance(place, StateTopic):
        state = read_state(payload)
        return Garbage(payload, state) if isinstance(state, str) else _state(state, payload, place)
    message = read_envelope(payload, command=place.type.startswith("cmd."))
    if isinstance(message, str):
        return Garbage(payload, message)
    if message.head.type != place.type:
        return Garbage(payload, "topic and type differ")
    return _reading(message, payload, place)


def _state(state: Connection, raw: bytes, place: StateTopic | None) -> Reading:
    gateway = {"gateway": place.gateway} if place else {}
    fields = {**gateway, **_spelled(state)}
    return Reading(FAMILY, "state", place.gateway if place else "", fields, raw)


def _reading(message: Message, raw: bytes, place: DeviceTopic | None) -> Reading:
    head = message.head
    device = place.device if place else ""
    about = {"gateway": place.gateway, "device": device} if place else {}
    fields = {**about, **_spelled(head), "data": _spelled(message.data)}
    signals = signals_of(device, head, message.data) if isinstance(head, Event) else ()
    return Reading(FAMILY, head.type, device, fields, raw, signals)


def _spelled(value: msgspec.Struct) -> dict[str, Any]:
    """Return a struct's content as JSON has it, without what was not said."""
    said = {
        name: getattr(value, attribute)
        for name, attribute in zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
        if attribute != "data" and getattr(value, attribute) is not None
    }
    return cast("dict[str, Any]", msgspec.to_builtins(said))


class GatewayCodec(LineCodec):
    """Reads one JSON object a line; holds no more than one line."""

    def __init__(self) -> None:
        super().__init__(_line, MAX_LINE)


def _line(line: bytes) -> Reading | Garbage:
    try:
        wrapped = _WRAPPED.decode(line)
    except NOT_JSON:
        return _bare(line)
    read = read_message(wrapped.topic, bytes(wrapped.payload))
    if isinstance(read, Garbage):
        return Garbage(line, read.reason)
    return Reading(read.family, read.kind, read.sender, read.fields, line, read.signals)


def _bare(payload: bytes) -> Reading | Garbage:
    """Read a payload without its topic: the device is not known then."""
    if _STATE.search(payload) and not isinstance(state := read_state(payload), str):
        return _state(state, payload, None)
    message = read_envelope(payload, command=_COMMAND.search(payload) is not None)
    return Garbage(payload, message) if isinstance(message, str) else _reading(message, payload, None)


ADAPTER = Adapter(
    family=FAMILY,
    title_zh="MQTT 设备网关",
    title_en="MQTT device gateway",
    codec=GatewayCodec,
)
