"""What planners set of a post."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Placed, RowId
from app.duty.roster.facts import Role

DutyLine = Literal["government", "work_safety", "disaster", "rescue"]


class PostPatch(Placed):
    """What changes of a post; what is left out stays."""

    lines: Annotated[list[DutyLine], Field(max_length=4)] | None = None
    keeps_presence: bool | None = None


class SeatIn(Command):
    """How many persons hold a kind of seat, where, when, and what they must have been trained for.

    `days`: holidays has it manned on statutory holidays only (三级值班, R15). `deputies` take over, in this
    order, when a leader cannot be reached.
    """

    role: Role
    needed: Annotated[int, Field(ge=0, le=50)]
    mode: Literal["on_site", "on_call"] = "on_site"
    days: Literal["always", "holidays"] = "always"
    qualification: Line = ""
    deputies: Annotated[list[RowId], Field(max_length=20)] = []


class SeatsIn(Command):
    """The seats of a post, in the order in which they are shown. A kind that is left out needs nobody."""

    seats: Annotated[list[SeatIn], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _each_kind_once(self) -> Self:
        roles = [seat.role for seat in self.seats]
        if len(roles) != len(set(roles)):
            raise PydanticCustomError("seat_twice", "each kind of seat is named once")
        return self
