"""What people say about the level."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.commands import Command


class LevelIn(Command):
    """The level a person judges it to be; to lower it a reason is needed. 1 is the highest."""

    level: Annotated[int, Field(ge=1, le=4)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
