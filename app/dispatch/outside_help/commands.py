"""What people ask of teams from outside."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, RegionCode, RowId
from app.dispatch.forces.commands import Name, Phone
from app.dispatch.outside_help.rules import OutsideStep
from app.dispatch.recommendation.rules.words import CAPABILITIES

Many = Annotated[int, Field(ge=1, le=5000)]


class OutsideTeamIn(Command):
    """A team of others that comes. `region_code` is where it gathers, `partner_id` who sends it, if known."""

    name: Name
    origin: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    partner_id: RowId | None = None
    incident_id: RowId | None = None
    leader_name: Name
    leader_phone: Phone
    strength: Many
    equipment: Line = ""
    capabilities: Annotated[list[str], Field(max_length=len(CAPABILITIES))] = []
    region_code: RegionCode
    expected_at: Moment | None = None

    @field_validator("capabilities")
    @classmethod
    def _known(cls, told: list[str]) -> list[str]:
        if set(told) - set(CAPABILITIES):
            raise PydanticCustomError("unknown_capability", "no such capability")
        return sorted(set(told))


class OutsideStepIn(Command):
    """It came (how many people, when if not now), was released home, or does not come."""

    step: OutsideStep
    revision: Annotated[int, Field(ge=1)]
    people: Many | None = None
    at: Moment | None = None
    words: Line = ""
