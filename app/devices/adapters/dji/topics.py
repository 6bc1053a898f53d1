"""Topics of the DJI Cloud API: whose, and of what kind.

Source: dji-sdk/Cloud-API-Doc, docs/en/60.api-reference/20.dock-to-cloud/00.mqtt/00.topic-definition.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SN = r"[A-Za-z0-9_-]{1,64}"
_TOPIC = re.compile(
    rf"(?:thing/product/({_SN})/(osd|state|events|services|services_reply)"
    rf"|sys/product/({_SN})/(status|status_reply))\Z"
)
HEARD = ("thing/product/+/osd", "thing/product/+/state", "thing/product/+/events", "sys/product/+/status")
REPLIES = "thing/product/+/services_reply"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: the serial number in it, of the device for osd and state, else of its gateway."""

    sn: str
    kind: str  # osd | state | events | services | services_reply | status | status_reply


def parse_topic(topic: str) -> Topic | None:
    """Return what a topic stands for; None for one that is not of the API, or not for us."""
    if found := _TOPIC.match(topic):
        return Topic(found[1] or found[3], found[2] or found[4])
    return None


def services_topic(gateway: str) -> str:
    """Return where the cloud asks a gateway to do something."""
    return f"thing/product/{gateway}/services"


def services_reply_topic(gateway: str) -> str:
    """Return where a gateway answers."""
    return f"thing/product/{gateway}/services_reply"


def status_topic(gateway: str) -> str:
    """Return where a gateway tells which aircraft is with it."""
    return f"sys/product/{gateway}/status"


def status_reply_topic(gateway: str) -> str:
    """Return where the cloud answers that it took that in."""
    return f"sys/product/{gateway}/status_reply"


def events_reply_topic(gateway: str) -> str:
    """Return where the cloud answers an event that wants an answer."""
    return f"thing/product/{gateway}/events_reply"


def osd_topic(device: str) -> str:
    """Return where the properties of a device come regularly."""
    return f"thing/product/{device}/osd"
