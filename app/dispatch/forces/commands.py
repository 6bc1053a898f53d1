"""What people ask of the register of forces: the validated shapes of commands."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Paragraph, Placed, RegionCode, RowId
from app.dispatch.forces.rules.kinds import CallOutcome, EquipmentKind, Readiness, Sector, TeamKind
from app.dispatch.recommendation.rules.words import CAPABILITIES

MOST_PEOPLE = 5000
MOST_OPERATORS = 20
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?\d[\d-]{2,19}$")]
PhoneOrNone = Annotated[str, StringConstraints(pattern=r"^(\+?\d[\d-]{2,19})?$")]
People = Annotated[int, Field(ge=0, le=MOST_PEOPLE)]
Revision = Annotated[int, Field(ge=1, le=2**31 - 1)]
Day = Annotated[date, Field(ge=date(2001, 1, 1), le=date(2099, 12, 31))]


class ForceTeamIn(Placed):
    """A team; without a position it stands where its region does. `strength` are the people allowed."""

    name_zh: Name
    name_en: Line = ""
    call_sign: Word = ""
    kind: TeamKind
    region_code: RegionCode
    unit_id: RowId | None = None
    parent_id: RowId | None = None
    leader_id: RowId | None = None
    phone: PhoneOrNone = ""
    strength: People = 0
    standby_strength: People = 0
    speed_kmh: Annotated[float, Field(ge=4, le=150)] = 40.0
    capabilities: Annotated[list[str], Field(max_length=len(CAPABILITIES))] = []
    dispatchable: bool = True

    @field_validator("capabilities")
    @classmethod
    def _known(cls, told: list[str]) -> list[str]:
        if set(told) - set(CAPABILITIES):
            raise PydanticCustomError("unknown_capability", "no such capability")
        return sorted(set(told))

    @model_validator(mode="after")
    def _not_more_than_there_are(self) -> Self:
        if self.standby_strength > self.strength:
            raise PydanticCustomError("more_standby_than_people", "more on standby than people")
        return self


class ForceTeamPut(ForceTeamIn):
    """A team written anew; `revision` is the one that was read. A retired one serves again."""

    revision: Revision


class EquipmentForm(Command):
    """What a form of equipment says; a team or a unit keeps it, one of them."""

    kind: EquipmentKind
    name: Name
    number: Number
    team_id: RowId | None = None
    unit_id: RowId | None = None
    operator_ids: Annotated[list[RowId], Field(max_length=MOST_OPERATORS)] = []
    plate: Word = ""
    seats: Annotated[int, Field(ge=0, le=200)] | None = None
    load_kg: Annotated[int, Field(ge=0, le=200_000)] | None = None
    fuel: Word = ""
    licence_due: Day | None = None
    inspection_due: Day | None = None
    note: Line = ""

    @field_validator("operator_ids")
    @classmethod
    def _once(cls, told: list[int]) -> list[int]:
        return list(dict.fromkeys(told))

    @model_validator(mode="after")
    def _one_keeper(self) -> Self:
        if (self.team_id is None) == (self.unit_id is None):
            raise PydanticCustomError("one_keeper", "name the team or the unit that keeps it, one of them")
        return self


class _Ready(Command):
    readiness: Readiness = "ready"
    reason: Line = ""
    since: Moment | None = None

    @model_validator(mode="after")
    def _why(self) -> Self:
        if self.readiness != "ready" and not self.reason:
            raise PydanticCustomError("reason_missing", "say why")
        return self


class EquipmentIn(EquipmentForm, _Ready):
    """A piece to enter, as ready as it is."""


class EquipmentPut(EquipmentForm):
    """A piece written anew; `revision` is the one that was read."""

    revision: Revision


class ReadinessIn(_Ready):
    """How ready a piece is from now on, or since when; why, unless it is ready."""

    readiness: Readiness
    inspection_due: Day | None = None
    revision: Revision


class RetireIn(Command):
    """Take an entry out of use; `revision` is the one that was read."""

    revision: Revision


class ExpertIn(Command):
    """An expert to enter."""

    name_zh: Name
    sector: Sector
    speciality: Line = ""
    title: Word = ""
    workplace: Line = ""
    phone: Phone
    region_code: RegionCode
    note: Line = ""


class ExpertPut(ExpertIn):
    """An expert written anew; `revision` is the one that was read. A retired one serves again."""

    revision: Revision


class ExpertCallIn(Command):
    """An expert was called for an incident; who called and when are this account and now unless told."""

    expert_id: RowId
    called_by: Word = ""
    called_at: Moment | None = None
    outcome: CallOutcome
    advice: Paragraph = ""

    @model_validator(mode="after")
    def _answer(self) -> Self:
        if self.outcome == "answered" and not self.advice:
            raise PydanticCustomError("advice_missing", "say what the expert advised")
        return self
