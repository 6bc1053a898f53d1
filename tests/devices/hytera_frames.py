"""The recorded frames of Hytera's protocols, by layer and by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from tests.devices.evidence import VECTORS

_ALL: list[dict[str, Any]] = json.loads((VECTORS / "radio_hytera_hdap.json").read_text("utf-8"))["vectors"]
_CYCLES: list[dict[str, Any]] = json.loads((VECTORS / "radio_hytera_ptt_cycle.json").read_text("utf-8"))[
    "captures"
]


@dataclass(frozen=True)
class Event:
    """One datagram of a captured talk."""

    to_repeater: bool
    port: int
    raw: bytes
    decoded: dict[str, Any]
    at: float


def frame(name: str) -> bytes:
    """Return the bytes of one recorded frame."""
    return next(bytes.fromhex(record["hex"]) for record in _ALL if record["id"] == name)


def cases(layer: str) -> list[ParameterSet]:
    """Return one test case a record of a layer."""
    return [
        pytest.param(bytes.fromhex(record["hex"]), record["expected"], id=record["id"])
        for record in _ALL
        if record["expected"]["layer"] == layer
    ]


def count() -> int:
    """Return how many records there are."""
    return len(_ALL)


def cycle(number: int) -> list[Event]:
    """Return one captured talk of a dispatcher through a repeater."""
    return [
        Event(
            event["dir"] == "pc->repeater",
            event["port"],
            bytes.fromhex(event["hex"]),
            event["decoded"],
            event["t"],
        )
        for event in _CYCLES[number]["events"]
    ]
