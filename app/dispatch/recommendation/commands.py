"""What people ask of the recommendation."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Placed, Reason, RegionCode, RowId
from app.dispatch.recommendation.facts import DeploymentKind, PartnerKind
from app.dispatch.recommendation.rules.run_card import MOST_ALARMS
from app.dispatch.recommendation.rules.words import CAPABILITIES

MOST_INCIDENTS = 20
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?\d[\d-]{2,19}$")]


class NeedIn(Command):
    """So many teams of a capability, together of so many people."""

    capability: str = Field(max_length=40)
    teams: int = Field(default=1, ge=0, le=50)
    people: int = Field(default=0, ge=0, le=5000)

    @field_validator("capability")
    @classmethod
    def _known(cls, told: str) -> str:
        if told not in CAPABILITIES:
            raise PydanticCustomError("unknown_capability", "no such capability")
        return told


class AskIn(Command):
    """What to recommend by: the run card with so many alarms, or needs by hand; nothing is written.

    `without` are teams to leave out of it (what if they were not there).
    """

    alarm: int = Field(default=1, ge=1, le=MOST_ALARMS)
    needs: Annotated[list[NeedIn], Field(max_length=15)] = []
    include_stale: bool = False
    radius_km: float | None = Field(default=None, gt=0, le=500)
    without: Annotated[list[RowId], Field(max_length=100)] = []


class DeployIn(Placed):
    """Station a team away from home: at a place, at a point of it, until when (open: until called back)."""

    region_code: RegionCode
    kind: DeploymentKind = "forward"
    place: Line = ""
    until: Moment | None = None
    reason: Reason


class PartnerIn(Placed):
    """A neighbour, the superior or the military with what they can bring."""

    kind: PartnerKind
    name_zh: Name
    name_en: Line = ""
    phone: Phone
    capabilities: Annotated[list[str], Field(max_length=15)] = []
    note: Line = ""

    @field_validator("capabilities")
    @classmethod
    def _known(cls, told: list[str]) -> list[str]:
        if set(told) - set(CAPABILITIES):
            raise PydanticCustomError("unknown_capability", "no such capability")
        return sorted(set(told))


class JointIn(AskIn):
    """The same for several open incidents at once."""

    incident_ids: Annotated[list[RowId], Field(min_length=1, max_length=MOST_INCIDENTS)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len(set(self.incident_ids)) < len(self.incident_ids):
            raise PydanticCustomError("incident_twice", "the same incident twice")
        return self
