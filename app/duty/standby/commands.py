"""What people ask about readiness and standby."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Paragraph, Reason, RegionCode, RowId
from app.duty.standby.facts import Method

Count = Annotated[int, Field(ge=0, le=100_000)]
Day = Annotated[date, Field(ge=date(2001, 1, 1), le=date(2099, 12, 31))]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Phone = Annotated[str, StringConstraints(pattern=r"^(\+?\d[\d-]{4,19})?$")]
Yuan = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
MOST_NAMES = 300


class ReturnIn(Command):
    """A team's morning return; the four must add up to its strength on the books."""

    on_post: Count
    on_leave: Count = 0
    out: Count = 0
    sick: Count = 0
    note: Paragraph = ""


class NamedIn(Command):
    """A person by his number in the register, or a free name with a telephone."""

    name: Name | None = None
    phone: Phone = ""
    person_id: RowId | None = None

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        if self.person_id is None and not (self.name and self.phone):
            raise PydanticCustomError("nameless_standby", "a registered person, or a name with a telephone")
        return self


class ListIn(Command):
    """All names of a township for a day, over the version that was read (0: there is none yet)."""

    version: int = Field(ge=0, le=1_000_000)
    team_id: RowId | None = None
    persons: list[NamedIn] = Field(max_length=MOST_NAMES)


class AddedIn(NamedIn):
    """One more person, in place since a time (now unless told)."""

    since: Moment | None = None


class AcceptIn(Command):
    """The township head accepts the names of the version that was read."""

    version: int = Field(ge=1, le=1_000_000)


class HeadCountIn(Command):
    """A roll-call: heads counted, and who of the list was not there."""

    counted: Count
    method: Method = "video"
    absent: list[RowId] = Field(default=[], max_length=MOST_NAMES)
    reason: Line = ""


class ExemptionIn(Command):
    """A leader accepts fewer, until a day: of a brigade (`team_id`) or of a township (`region_code`)."""

    team_id: RowId | None = None
    region_code: RegionCode | None = None
    floor: Count
    first: Day | None = None
    until: Day
    reason: Reason

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.team_id is None) == (self.region_code is None):
            raise PydanticCustomError("one_subject", "a brigade or a township, one of them")
        return self


class ApprovalIn(Command):
    """A leader signs the sum he saw."""

    person_days: Count
    yuan: Yuan
