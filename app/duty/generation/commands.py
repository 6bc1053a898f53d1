"""What planners ask of generation."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.commands import Command, Line, RowId


class GenerationIn(Command):
    """Fill the month of these posts. `keep_draft` fixes what stands in their drafts already.

    `shift_hours` cuts the day, from eight o'clock, into shifts of 24, 12 or 8 hours.
    """

    month: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
    post_ids: Annotated[list[RowId], Field(min_length=1, max_length=200)]
    shift_hours: Literal[24, 12, 8] = 24
    keep_draft: bool = False
    nights_hard: bool = True
    seconds: Annotated[int, Field(ge=5, le=300)] = 55


class WishIn(Command):
    """A wish for a day, of oneself or of a person whose duty one plans; `kind` None takes it back."""

    person_id: RowId | None = None
    day: date
    kind: Literal["want", "avoid"] | None
    weight: Annotated[int, Field(ge=1, le=10)] = 3
    note: Line = ""
