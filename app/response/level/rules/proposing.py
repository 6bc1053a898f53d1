"""Which levels a colour and an event propose. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from app.codecs.colours import BY_COLOUR, GRADES
from app.codecs.colours import Colour as Grade

Colour = Literal["red", "orange", "yellow", "blue"]
StepKind = Literal["activate", "adjust", "terminate"]
ResponseState = Literal["proposed", "active", "refused", "ended"]
COLOUR_ZH: Mapping[str, str] = {one.colour.value: one.zh for one in GRADES}
LOWEST = 4
_BY_EVENT: Mapping[str, int] = {"extraordinary": 1, "major": 2, "larger": 3, "general": 4}


def proposed_levels(colour: str | None, event_level: str | None) -> tuple[int, ...]:
    """Return the levels that are proposed, the highest first; () for nothing.

    A colour proposes the level of its row (app/codecs/colours.py) and the one below: red asks for one or two,
    which of them a commander says (S11). The level of an event proposes the same number. Neither decides.
    """
    found = {_BY_EVENT[event_level]} if event_level is not None else set()
    if colour is not None:
        level = BY_COLOUR[Grade(colour)].response
        found |= {level, min(LOWEST, level + 1)}
    return tuple(sorted(found)[:2])
