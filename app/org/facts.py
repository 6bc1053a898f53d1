"""Wire shapes of units and people."""

from __future__ import annotations

from typing import Literal

from app.org.rules.numbers import PhoneLabel
from app.org.rules.staffing import Staffing
from app.sheets import CellFault
from app.wire import Fact

TeamRole = Literal["leader", "deputy", "member"]


class UnitKindFact(Fact):
    """What a unit can be, and how many posts its kind needs, how many of them full-time."""

    code: str
    name_zh: str
    name_en: str
    ordinal: int
    min_posts: int
    min_full_time: int


class UnitFact(Fact):
    """A unit with its superiors, its people who are in service, and whether they are enough (A1.5)."""

    id: int
    kind: str
    name_zh: str
    name_en: str
    region_code: str
    region_path: str
    parent_id: int | None
    business_parent_id: int | None
    active: bool
    people: int
    full_time: int
    staffing: Staffing


class PhoneFact(Fact):
    """A telephone number and where it rings."""

    number: str
    label: PhoneLabel


class PersonFact(Fact):
    """A person. `phones` stand in the order in which they are tried, and only for those who see the desk."""

    id: int
    name: str
    title: str
    region_code: str
    region_path: str
    unit_id: int | None
    unit_name: str | None
    phones: list[PhoneFact]
    call_sign: str
    satellite_number: str
    beidou_number: str
    qualifications: list[str]
    full_time: bool
    active: bool

    def without_numbers(self) -> PersonFact:
        """Return the person as those see him who do not see the desk."""
        return self.model_copy(update={"phones": [], "satellite_number": "", "beidou_number": ""})


class PeoplePage(Fact):
    """Some of the people that were asked for, and how many there are."""

    total: int
    people: list[PersonFact]


class HeldFact(Fact):
    """What somebody holds, so that whoever takes it over knows: an office, a place, a group, a team."""

    what: Literal["office", "responsibility", "group", "team"]
    id: int
    name: str
    role: str


class PersonDetail(PersonFact):
    """A person with everything that points to him."""

    holds: list[HeldFact]


class KindTotal(Fact):
    """How many different people the teams of one kind have."""

    kind: str
    teams: int
    people: int


class PeopleTotals(Fact):
    """People in service, each counted once however many teams he is in (A4.1).

    `memberships` counts places in teams, `in_teams` people in any, `in_several` those in more than one.
    """

    people: int
    full_time: int
    memberships: int
    in_teams: int
    in_several: int
    by_kind: list[KindTotal]
    stations: int
    stations_short: int


class PeopleImportRow(Fact):
    """What a row of a sheet does to the register of people."""

    row: int
    action: Literal["create", "amend", "unchanged"]
    person_id: int | None
    name: str
    changed: list[str]


class PeopleImportOut(Fact):
    """What a sheet would do, or did when `applied`. With faults nothing is done."""

    applied: bool
    created: int
    amended: int
    unchanged: int
    faults: list[CellFault]
    faults_total: int
    rows: list[PeopleImportRow]
