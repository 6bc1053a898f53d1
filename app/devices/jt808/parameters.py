"""The parameters of a JT/T 808 terminal that may be read and set from the centre (0x8103, 0x8104; §8.8).

Where a terminal calls (server, port, APN) is not among them: set wrongly from afar, it never calls again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

NAMES: Mapping[str, int] = MappingProxyType(
    {
        "heartbeat_s": 0x0001,
        "sleep_report_s": 0x0027,
        "sos_report_s": 0x0028,
        "report_s": 0x0029,
        "report_distance_m": 0x002C,
        "max_speed_kmh": 0x0055,
    }
)
"""Our name → the standard's id; all of them are DWORDs."""

_NAME_OF = {number: name for name, number in NAMES.items()}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question for parameters: the named ones, and all as id → value in hex."""

    state: Literal["read", "set", "refused", "no_answer"]
    named: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[int, bytes] = field(default_factory=dict)


def written(wanted: Mapping[str, int]) -> dict[int, bytes]:
    """Return parameters by name as they go into 0x8103. Raises KeyError for a name that is none."""
    return {NAMES[name]: value.to_bytes(4, "big") for name, value in wanted.items()}


def read(parameters: Iterable[Mapping[str, Any]]) -> dict[int, bytes]:
    """Return the parameters of a decoded 0x0104 by id."""
    return {int(item["id"], 16): bytes.fromhex(item["hex"]) for item in parameters}


def named(told: Mapping[int, bytes]) -> dict[str, int]:
    """Return those that have a name here; a value that is no DWORD is left out."""
    return {
        _NAME_OF[number]: int.from_bytes(value, "big")
        for number, value in told.items()
        if number in _NAME_OF and len(value) == 4
    }
