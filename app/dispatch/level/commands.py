"""What people say about the level."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.commands import Command


class KeyFacilityIn(Command):
    """The important place or facility that is endangered; empty: none is any more, which needs a reason."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class LevelIn(Command):
    """The level a person judges it to be; to lower it a reason is needed. 1 is the highest."""

    level: Annotated[int, Field(ge=1, le=4)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
