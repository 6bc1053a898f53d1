"""Topics of the gateway contract: who speaks, of which device, and what (docs/devices/mqtt-gateway.md §2)."""

from __future__ import annotations

import re
from dataclasses import dataclass

ROOT = "ecd/v1/gateway"
ALL_STATES = f"{ROOT}/+/state/conn"
ALL_EVENTS = f"{ROOT}/+/device/+/event/+"

_GATEWAY = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_DEVICE = r"g?[0-9]{1,20}"
_STATE = re.compile(rf"{ROOT}/({_GATEWAY})/state/conn\Z")
_ABOUT = re.compile(rf"{ROOT}/({_GATEWAY})/device/({_DEVICE})/(event|command)/([a-z_]{{1,32}})\Z")
_ID = re.compile(rf"{_GATEWAY}\Z")


@dataclass(frozen=True, slots=True)
class StateTopic:
    """The retained state of a gateway's connection."""

    gateway: str


@dataclass(frozen=True, slots=True)
class DeviceTopic:
    """An event of a device, or a command to it.

    `device` is a decimal radio id or card number, `g<id>` for a group, E.164 digits without `+` for phones;
    `type` is the envelope's type, so `cmd.text` for `…/command/text`.
    """

    gateway: str
    device: str
    type: str


def parse_topic(topic: str) -> StateTopic | DeviceTopic | None:
    """Return what a topic stands for; None for one that is not of the contract."""
    if found := _ABOUT.match(topic):
        gateway, device, way, name = found.groups()
        return DeviceTopic(gateway, device, name if way == "event" else f"cmd.{name}")
    if found := _STATE.match(topic):
        return StateTopic(found[1])
    return None


def is_gateway_id(name: str) -> bool:
    """Whether a gateway may be called so: 1 to 64 letters, digits, dots, dashes, underscores."""
    return _ID.match(name) is not None


def state_topic(gateway: str) -> str:
    """Return where a gateway's state is retained, and its last will published."""
    return f"{ROOT}/{gateway}/state/conn"


def event_topic(gateway: str, device: str, kind: str) -> str:
    """Return where a gateway publishes an event of a device."""
    return f"{ROOT}/{gateway}/device/{device}/event/{kind}"


def command_topic(gateway: str, device: str, verb: str) -> str:
    """Return where the centre publishes a command to a device."""
    return f"{ROOT}/{gateway}/device/{device}/command/{verb}"


def all_commands(gateway: str) -> str:
    """Return the filter by which a gateway hears every command to its devices."""
    return f"{ROOT}/{gateway}/device/+/command/+"
