"""What is known of wall screens."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.commands import Command, Line, RegionCode
from app.wire import Fact


class WallIn(Command):
    """Have a wall screen made; without a region it shows what its maker's scope holds."""

    name: Line = Field(min_length=1, max_length=40, description="where it hangs")
    region_code: RegionCode | None = None


class WallTokenIn(Command):
    """A display that shows its token to be let in."""

    token: str = Field(min_length=20, max_length=100)


class WallFact(Fact):
    """A wall screen, without its secret. `scope` is the prefix of region codes that it shows."""

    id: int
    name: str
    scope: str
    made_by: str
    made_at: datetime
    opened_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None


class NewWall(WallFact):
    """A wall screen, told once: `path` holds the secret."""

    path: str = Field(description="path and query of the wall, below the address of the service")
