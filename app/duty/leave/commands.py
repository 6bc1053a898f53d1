"""What people ask about leave."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Paragraph, RowId
from app.duty.leave.facts import LeaveKind


class LeaveIn(Command):
    """Leave for oneself, or for another person by one who plans duty there (代办)."""

    person_id: RowId | None = None
    kind: LeaveKind
    starts_at: Moment
    ends_at: Moment
    reason: Line = ""
    place: Line = ""
    in_area: bool = True

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise PydanticCustomError("ends_before_start", "ends_at must lie after starts_at")
        return self


class DecisionIn(Command):
    """A leader's word, with a remark."""

    approved: bool
    remark: Paragraph = ""
