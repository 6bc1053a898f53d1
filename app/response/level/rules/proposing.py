"""Which levels a colour proposes, and which steps a response allows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Colour = Literal["red", "orange", "yellow", "blue"]
StepKind = Literal["activate", "adjust", "terminate"]
ResponseState = Literal["proposed", "active", "refused", "ended"]
COLOUR_ZH: Mapping[str, str] = {"red": "红色", "orange": "橙色", "yellow": "黄色", "blue": "蓝色"}
PROPOSED: Mapping[str, tuple[int, ...]] = {"red": (1, 2), "orange": (3,), "yellow": (4,), "blue": (4,)}
"""A colour proposes and decides nothing: red asks for one or two, which of them a commander says."""
EVENT_LEVELS = ("extraordinary", "major", "larger", "general")
_BY_EVENT: Mapping[str, tuple[int, ...]] = {
    "extraordinary": (1,),
    "major": (2,),
    "larger": (3,),
    "general": (4,),
}


def proposed_levels(colour: str | None, event_level: str | None) -> tuple[int, ...]:
    """Return the levels a colour and the level of an event propose, the highest first; () for nothing."""
    found = {*PROPOSED.get(colour or "", ()), *_BY_EVENT.get(event_level or "", ())}
    return tuple(sorted(found)[:2])
