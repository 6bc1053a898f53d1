"""What planners ask of the roster: the validated shapes of commands."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Reason, RowId

MOST_CELLS = 2000  # 50 persons on 40 shifts: no post of a county has more
MOST_GROUPS = 200
LONGEST = timedelta(days=35)


class _Span(Command):
    starts_at: Moment
    ends_at: Moment

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise PydanticCustomError("ends_before_start", "ends_at must lie after starts_at")
        return self


S = TypeVar("S", bound=_Span)


def _short(span: S) -> S:
    if span.ends_at - span.starts_at > LONGEST:
        raise PydanticCustomError("shift_too_long", "a shift lasts 35 days at most")
    return span


class CellIn(_Span):
    """One planned shift, of 35 days at most."""

    seat_id: RowId
    person_id: RowId

    @model_validator(mode="after")
    def _not_endless(self) -> Self:
        return _short(self)


class DraftIn(Command):
    """The whole draft of a month; `version` is the one that was read."""

    version: Annotated[int, Field(ge=0)]
    cells: Annotated[list[CellIn], Field(max_length=MOST_CELLS)]


class ProposalIn(Command):
    """Have the draft filled: from the rotations, or from what is published."""

    version: Annotated[int, Field(ge=0)]
    source: Literal["rotation", "published"]


class PublishIn(Command):
    """Publish the draft of this version; `accepting` names the red findings that the planner answers for."""

    version: Annotated[int, Field(ge=0)]
    accepting: Annotated[list[Line], Field(max_length=20)] = []


class OverrideIn(_Span):
    """Add a person, remove one, or put one in the place of another, for 35 days at most.

    `despite` is a leader's reason why somebody sits for more than 24 hours at a stretch.
    """

    seat_id: RowId
    add_person_id: RowId | None = None
    remove_person_id: RowId | None = None
    reason: Reason
    despite: Line = ""

    @model_validator(mode="after")
    def _not_endless(self) -> Self:
        return _short(self)

    @model_validator(mode="after")
    def _changes_somebody(self) -> Self:
        if self.add_person_id == self.remove_person_id:
            raise PydanticCustomError("override_changes_nobody", "name a person to add, to remove, or two")
        return self


class TemporaryShiftIn(_Span):
    """A shift of a temporary schedule, of 35 days at most."""

    person_id: RowId

    @model_validator(mode="after")
    def _not_endless(self) -> Self:
        return _short(self)


class TemporaryIn(_Span):
    """For this span only these shifts hold at the seat."""

    seat_id: RowId
    shifts: Annotated[list[TemporaryShiftIn], Field(max_length=MOST_CELLS)]
    reason: Reason

    @model_validator(mode="after")
    def _within(self) -> Self:
        if any(s.starts_at < self.starts_at or s.ends_at > self.ends_at for s in self.shifts):
            raise PydanticCustomError("shift_outside_schedule", "every shift lies within the schedule")
        return self


class WindowIn(Command):
    """Weekdays (0 = Monday) and local times; an end that is not after the start lies on the next day."""

    days: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1, max_length=7)]
    start: time
    end: time


class RotationIn(Command):
    """Groups of persons take turns at a seat, each for `length` hours, days, weeks or months."""

    seat_id: RowId
    name: Line = ""
    kind: Literal["hourly", "daily", "weekly", "monthly"]
    length: Annotated[int, Field(ge=1, le=400)] = 1
    starts_at: Moment
    groups: Annotated[
        list[Annotated[list[RowId], Field(min_length=1, max_length=50)]],
        Field(min_length=1, max_length=MOST_GROUPS),
    ]
    on_days: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1, max_length=7)] | None = (
        None
    )
    windows: Annotated[list[WindowIn], Field(max_length=20)] = []
