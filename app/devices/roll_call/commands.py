"""What people ask of a roll call: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, RegionCode, RowId


class RollCallIn(Command):
    """Whom to call: the radios of a talk group, of a place, or named devices – one of the three."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    talk_group: (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)] | None
    ) = None
    region_code: RegionCode | None = None
    device_ids: Annotated[list[RowId], Field(min_length=1, max_length=500)] | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if [self.talk_group, self.region_code, self.device_ids].count(None) != 2:
            raise PydanticCustomError("one_of_three", "talk_group, region_code or device_ids: one of them")
        return self


class AnswerIn(Command):
    """What was heard of one device."""

    device_id: RowId
    answered: bool
    note: Line = ""


class HereIn(Command):
    """I am here: when the button was pressed, which may be long before it arrives."""

    happened_at: Moment | None = None
    note: Line = ""
