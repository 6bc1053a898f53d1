"""The events of wall screens: who hung one, and when it was taken down."""

from __future__ import annotations

from typing import Literal

from app.org.walls.facts import WallFact
from app.wire import Fact


class WallChanged(Fact):
    """A wall screen was made or revoked; its secret is never told. For auditors."""

    type: Literal["wall.made", "wall.revoked"]
    wall: WallFact
