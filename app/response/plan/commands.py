"""What people ask of plans: the validated shapes of commands."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Reason, RegionCode, RowId
from app.response.plan.rules.fit import PlanKind

Tier = Literal["county", "township", "village", "enterprise"]
CauseKind = Literal["incident", "warning", "words"]
DecidedAs = Literal["leader_in_charge", "commander", "oral_consent"]
Hazard = Annotated[str, StringConstraints(pattern=r"^1[1-4]([A-Z]([0-9]{2})?)?$")]
PlanName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
PlanDay = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2099, 12, 31))]
CardText = Annotated[str, StringConstraints(min_length=1, max_length=64 * 1024)]
ResponseLevel = Annotated[int, Field(ge=1, le=4)]
Areas = Annotated[list[RegionCode], Field(max_length=100)]


class PlanIn(Command):
    """A plan of the register. The owner is a unit of the register, or a name."""

    kind: PlanKind
    tier: Tier = "county"
    name_zh: PlanName
    hazards: Annotated[list[Hazard], Field(max_length=60)] = []
    owner_unit_id: RowId | None = None
    owner_name: Line = ""
    region_code: RegionCode

    @model_validator(mode="after")
    def _has_an_owner(self) -> Self:
        if self.owner_unit_id is None and not self.owner_name:
            raise PydanticCustomError("plan_owner", "say whose plan it is")
        return self


class PlanEditIn(PlanIn):
    """A plan anew, whole; `revision` is the one that was read."""

    revision: Annotated[int, Field(ge=1)]


class PlanVersionIn(Command):
    """A version: its number, when issued, its last day; `name` is that of the file that comes as the body."""

    number: Line = ""
    issued_on: PlanDay
    valid_to: PlanDay | None = None
    note: Line = ""
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=160)] = ""

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.issued_on:
            raise PydanticCustomError("ends_before_start", "it must not end before it was issued")
        return self


class CardTextIn(Command):
    """The text of a card, to be looked at."""

    text: CardText


class CardIn(CardTextIn):
    """A card's next version; `version` is the one that was read, 0 where there is none."""

    version: Annotated[int, Field(ge=0)]
    note: Line = ""


class CardCloneIn(Command):
    """Take the card of another plan as this one's next version."""

    from_plan_id: RowId
    version: Annotated[int, Field(ge=0)]


class CauseIn(Command):
    """Why: an incident, a warning (by its number, in words), or words alone."""

    cause_kind: CauseKind = "words"
    cause_id: RowId | None = None
    cause_words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    region_codes: Areas = []
    drill: bool = False

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if (self.cause_kind == "words") != (self.cause_id is None):
            raise PydanticCustomError("cause_id", "an incident and a warning have a number, words have none")
        return self


class PlanRunIn(CauseIn):
    """Propose a plan's card for a cause, at a response level."""

    plan_id: RowId
    level: ResponseLevel


class DecideIn(Command):
    """By a leader's own account, or on his oral consent, with his name and the time."""

    decided_as: DecidedAs
    consent_of: Line = ""
    consent_at: Moment | None = None
    remark: Line = ""

    @model_validator(mode="after")
    def _consent_has_a_name(self) -> Self:
        if self.decided_as == "oral_consent" and not (self.consent_of and self.consent_at):
            raise PydanticCustomError("consent_missing", "say who consented and when")
        return self


class PlanDecideIn(DecideIn):
    """Approve a proposed card as it stands, or refuse it with a remark."""

    approved: bool

    @model_validator(mode="after")
    def _refusal_has_a_reason(self) -> Self:
        if not self.approved and not self.remark:
            raise PydanticCustomError("refusal_reason", "say why it is refused")
        return self


class PlanEndIn(Command):
    """Let a card in force end, with the reason."""

    reason: Reason
