"""What people ask of meetings: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, RowId
from app.dispatch.meeting.rules import MOST_CALLED

Rows = Annotated[list[RowId], Field(max_length=max(MOST_CALLED.values()))]


class MeetingIn(Command):
    """Whom to call: rooms of units, teams, persons. A roll call rings them as seats become free."""

    kind: Literal["meeting", "roll_call"] = "meeting"
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    incident_id: RowId | None = None
    unit_ids: Rows = Field(default_factory=list)
    team_ids: Rows = Field(default_factory=list)
    person_ids: Rows = Field(default_factory=list)

    @model_validator(mode="after")
    def _somebody_and_not_too_many(self) -> Self:
        called = len({*self.unit_ids}) + len({*self.team_ids}) + len({*self.person_ids})
        if not called:
            raise PydanticCustomError("nobody_called", "name somebody to call")
        if called > (most := MOST_CALLED[self.kind]):
            raise PydanticCustomError("too_many_called", "too many called", {"most": most})
        return self
