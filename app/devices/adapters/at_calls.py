"""What phones say of a voice call, whatever the model: ^DSCI, ^CEND, RING, +CLIP, +CLCC, NO CARRIER."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Stage = Literal["dialing", "alerting", "active", "incoming", "released"]

TIANTONG: Mapping[int, Stage] = MappingProxyType(
    {0: "active", 2: "dialing", 3: "alerting", 4: "incoming", 6: "released"}
)
"""^DSCI states of Tiantong modules (HTDM1310E; protocols/radio-and-satphone.md §3.2)."""

CELLULAR: Mapping[int, Stage] = MappingProxyType(
    {2: "dialing", 3: "active", 4: "incoming", 5: "incoming", 6: "released", 7: "alerting"}
)
"""^DSCI states of cellular modules, where 3 is an active call. Not seen on a satellite phone."""

CLCC: Mapping[int, Stage] = MappingProxyType(
    {0: "active", 2: "dialing", 3: "alerting", 4: "incoming", 5: "incoming"}
)
"""+CLCC states (TS 27.007 §7.18)."""

CAUSES: Mapping[int, str] = MappingProxyType({3: "dropped", 16: "hung_up", 17: "busy", 19: "no_answer"})
_ENDS: Mapping[str, str] = MappingProxyType(
    {"NO CARRIER": "hung_up", "BUSY": "busy", "NO ANSWER": "no_answer", "NO DIALTONE": "no_network"}
)
_DSCI = re.compile(r'\^DSCI: *([0-9]+),([01]),([0-9]+),[0-9]+,[0-9]+(?:,"([^"]*)")?')
_CLCC = re.compile(r'\+CLCC: *([0-9]+),([01]),([0-9]+),[0-9]+,[0-9]+(?:,"([^"]*)")?')
_CEND = re.compile(r"\^CEND: *([0-9]+),([0-9]+),([0-9]+),([0-9]+)")
_CLIP = re.compile(r'\+CLIP: *"([^"]*)"')
_NUMBER = re.compile(r"\+?[0-9*#]{1,20}\Z")
_PLAIN: Mapping[str, Stage] = MappingProxyType({"^ORIG": "dialing", "^CONF": "alerting", "^CONN": "active"})


@dataclass(frozen=True, slots=True)
class CallNews:
    """One step of a call. `number` is the far side's, "" when it is not told; `reason` why it ended."""

    stage: Stage
    number: str = ""
    incoming: bool | None = None
    reason: str = ""


def call_news(line: str, states: Mapping[int, Stage]) -> CallNews | None:
    """Read a line about a call by the model's ^DSCI table; None for any other line or state."""
    if line in _ENDS:
        return CallNews("released", reason=_ENDS[line])
    if line == "RING" or line.startswith("+CRING"):
        return CallNews("incoming", incoming=True)
    if match := _CLIP.match(line):
        return CallNews("incoming", _number(match[1]), incoming=True)
    if match := _CEND.match(line):
        cause = int(match[4])
        return CallNews("released", reason=CAUSES.get(cause, f"cause_{cause}"))
    for pattern, table in ((_DSCI, states), (_CLCC, CLCC)):
        if match := pattern.match(line):
            stage = table.get(int(match[3]))
            return CallNews(stage, _number(match[4]), incoming=match[2] == "1") if stage else None
    plain = _PLAIN.get(line.partition(":")[0])
    return CallNews(plain) if plain else None


def _number(told: str | None) -> str:
    return told if told and _NUMBER.match(told) else ""
