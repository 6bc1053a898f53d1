"""The event of named areas: for the desks whose places they touch."""

from __future__ import annotations

from typing import Literal

from app.org.areas.facts import AreaFact
from app.wire import Fact


class AreaChanged(Fact):
    """A named area was drawn, amended, or deleted."""

    type: Literal["area.drawn", "area.amended", "area.deleted"]
    area: AreaFact
