"""Wire shapes of the call book."""

from __future__ import annotations

from typing import Literal

from app.org.facts import PersonFact, TeamRole
from app.org.rules.responsible import DutyKind, Level
from app.wire import Fact

OfficeKind = Literal[
    "village_head", "contact_a", "contact_b", "township_leader", "county_leader", "member", "other"
]


class OfficeFact(Fact):
    """An office for a place and who holds it; nobody when `person` is None."""

    id: int
    kind: OfficeKind
    title: str
    region_code: str
    region_path: str
    person: PersonFact | None


class ResponsibilityFact(Fact):
    """Who answers for a place or a point in it: a person, or whoever holds the office."""

    id: int
    kind: DutyKind
    region_code: str
    region_path: str
    point: str
    ordinal: int
    office_id: int | None
    office_title: str | None
    person: PersonFact | None


class CallFact(Fact):
    """Somebody to call for a place; `title` is the office by which he answers, or his own title."""

    kind: DutyKind
    title: str
    person: PersonFact


class VacancyFact(Fact):
    """Somebody should answer here and nobody does."""

    kind: DutyKind
    title: str


class CallLevel(Fact):
    """Whom to call at one level, in order."""

    level: Level
    region_code: str
    region_name: str
    call: list[CallFact]
    vacant: list[VacancyFact]


class ResponsibleOut(Fact):
    """Who must be called for a place: from the point or village up to the township and the county."""

    region_code: str
    region_path: str
    point: str
    levels: list[CallLevel]


class GroupMemberFact(Fact):
    """A member of a group: a unit, a person, or whoever holds an office (`person` None: nobody)."""

    unit_id: int | None
    office_id: int | None
    name: str
    person: PersonFact | None


class GroupFact(Fact):
    """A list that is addressed as one. `people` are the different persons in it."""

    id: int
    name_zh: str
    name_en: str
    region_code: str
    people: int
    members: list[GroupMemberFact]


class TeamMemberFact(Fact):
    """A person in a team; `other_teams` says in how many more teams he is (A4.1)."""

    role: TeamRole
    other_teams: int
    person: PersonFact


class TeamMembersOut(Fact):
    """The people of a team."""

    team_id: int
    team_name: str
    members: list[TeamMemberFact]
