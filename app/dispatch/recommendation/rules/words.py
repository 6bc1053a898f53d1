"""Reasons a person can read aloud, and the Chinese words for capabilities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in both languages, with a stable code."""

    code: str
    zh: str
    en: str


_CAPABILITY_ZH = {
    "flood_rescue": "抗洪抢险",
    "boat": "舟艇",
    "water_pump": "排涝",
    "forest_fire": "森林灭火",
    "structural_fire": "灭火",
    "search_rescue": "搜救",
    "medical": "医疗救护",
    "hazmat": "危化处置",
    "road_clearing": "道路抢通",
    "evacuation": "转移群众",
    "first_aid": "急救",
    "electric_power": "电力抢修",
    "gas": "燃气抢修",
    "comms": "通信保障",
    "earth_moving": "土石方机械",
}
CAPABILITIES = tuple(_CAPABILITY_ZH)


def zh_capability(capability: str) -> str:
    """Return the Chinese word for a capability code."""
    return _CAPABILITY_ZH.get(capability, capability)


def zh_capabilities(capabilities: Iterable[str]) -> str:
    """Return the Chinese words, as a list is read."""
    return "、".join(map(zh_capability, capabilities))
