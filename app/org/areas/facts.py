"""Wire shapes of named areas."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.commands import Command, Latitude, Line, Longitude
from app.wire import Fact

AreaKind = Literal["flood", "slide", "fire", "chemical", "traffic", "crowd", "other"]
MOST_POINTS = 500


class AreaIn(Command):
    """An area to be kept. `ring`: its corners (lon, lat; WGS-84), the last joined to the first."""

    name: Line = Field(min_length=1, max_length=40)
    kind: AreaKind
    note: Line = Field(default="", max_length=200)
    ring: Annotated[list[tuple[Longitude, Latitude]], Field(min_length=3, max_length=MOST_POINTS)]


class AreaAmendIn(AreaIn):
    """An area written anew; `revision` is the one that was read."""

    revision: int = Field(ge=1, le=2**31 - 1)


class AreaFact(Fact):
    """A named area. `towns` are the townships whose villages it holds, or else the nearest one."""

    id: int
    name: str
    kind: AreaKind
    note: str
    ring: list[tuple[float, float]]
    towns: list[str]
    revision: int
    changed_by: str
    changed_at: datetime
