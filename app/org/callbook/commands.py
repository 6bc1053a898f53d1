"""What people ask of the call book: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, RegionCode, RowId
from app.org.callbook.facts import OfficeKind
from app.org.facts import TeamRole
from app.org.rules.responsible import DutyKind

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Point = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Ordinal = Annotated[int, Field(ge=0, le=999)]


class OfficeIn(Command):
    """An office to enter, with its holder if it has one."""

    kind: OfficeKind
    title: Title
    region_code: RegionCode
    person_id: RowId | None = None


class HolderIn(Command):
    """Who holds the office from now on; null leaves it vacant."""

    person_id: RowId | None


def _just_one(*told: int | None) -> None:
    if sum(each is not None for each in told) != 1:
        raise PydanticCustomError("one_of_them", "name exactly one of them")


class ResponsibilityIn(Command):
    """A person or an office answers for a place, or for a named point in it."""

    kind: DutyKind
    region_code: RegionCode
    point: Point = ""
    ordinal: Ordinal = 0
    person_id: RowId | None = None
    office_id: RowId | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        _just_one(self.person_id, self.office_id)
        return self


class ResponsibilityPatch(Command):
    """Another order, or another person or office in its stead."""

    ordinal: Ordinal | None = None
    person_id: RowId | None = None
    office_id: RowId | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.person_id is not None or self.office_id is not None:
            _just_one(self.person_id, self.office_id)
        return self


class GroupMemberIn(Command):
    """A member: a unit, a person, or an office."""

    unit_id: RowId | None = None
    person_id: RowId | None = None
    office_id: RowId | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        _just_one(self.unit_id, self.person_id, self.office_id)
        return self


class GroupIn(Command):
    """A group with all of its members, in order."""

    name_zh: Title
    name_en: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""
    region_code: RegionCode
    members: Annotated[list[GroupMemberIn], Field(max_length=500)] = []


class TeamMemberIn(Command):
    """A person in the team."""

    person_id: RowId
    role: TeamRole = "member"


class TeamMembersIn(Command):
    """All the people of a team."""

    members: Annotated[list[TeamMemberIn], Field(max_length=1000)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len({one.person_id for one in self.members}) < len(self.members):
            raise PydanticCustomError("member_twice", "the same person twice")
        if sum(one.role == "leader" for one in self.members) > 1:
            raise PydanticCustomError("two_leaders", "a team has one leader")
        return self
