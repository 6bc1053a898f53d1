"""Wire shapes of the roster."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.sheets import CellFault
from app.wire import Fact

Role = Literal[
    "chief_leader",
    "leader_in_charge",
    "shift_lead",
    "intake",
    "dispatch_comms",
    "clerk",
    "duty_officer",
    "reporter_a",
    "reporter_b",
    "reserve_duty",
]


class SeatFact(Fact):
    """A kind of chair at a post; `needed` persons hold it at every minute."""

    id: int
    role: Role
    needed: int
    mode: Literal["on_site", "on_call"]
    days: Literal["always", "holidays"]
    qualification: str
    ordinal: int
    deputies: list[int]


class ShiftFact(Fact):
    """One person on one seat for one span [starts_at, ends_at), and when this person came and went."""

    id: int
    post_id: int
    seat_id: int
    role: Role
    person_id: int
    person_name: str
    phone: str
    starts_at: datetime
    ends_at: datetime
    source: Literal["roster", "override", "temporary"]
    arrived_at: datetime | None = None
    left_at: datetime | None = None


class SeatOnDuty(SeatFact):
    """Who holds a seat now, how many are missing, and who comes next."""

    on: list[ShiftFact]
    missing: int
    next: list[ShiftFact]


class PostFact(Fact):
    """A duty post with its one fixed telephone; `lines` are the business lines of this desk."""

    id: int
    kind: str
    name: str
    region_code: str
    unit_id: int
    phone: str
    lines: list[str]
    keeps_presence: bool
    lon: float | None
    lat: float | None


class PostOnDuty(PostFact):
    """A post at an instant; `until` is when this changes next, None when nothing is planned.

    `present` of `expected` persons are there (在岗率), None where presence is not kept.
    """

    at: datetime
    until: datetime | None
    present: int | None
    expected: int | None
    seats: list[SeatOnDuty]


class PersonAtPost(Fact):
    """Who can be planned at a post: a member of its unit (`member`), or whoever is planned there anyway."""

    id: int
    name: str
    post: str
    phone: str
    member: bool


class CellFact(Fact):
    """One planned shift of a month's roster."""

    seat_id: int
    person_id: int
    starts_at: datetime
    ends_at: datetime


class FindingFact(Fact):
    """What a rule says of a roster. `severity`: block (cannot be published), red, amber, warn."""

    code: str
    rule: str
    severity: Literal["block", "red", "amber", "warn"]
    seat_id: int | None = None
    person_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    zh: str
    en: str


class RosterFact(Fact):
    """The roster of a post for a month: the draft with its version, the published one with its revision."""

    post_id: int
    month: date
    draft: list[CellFact] | None
    draft_version: int
    draft_by: str
    draft_at: datetime | None
    published: list[CellFact] | None
    revision: int
    published_by: str
    published_at: datetime | None


class RosterPreview(Fact):
    """What would hold if the draft were published now, and what the rules say of it."""

    roster: RosterFact
    shifts: list[CellFact]
    findings: list[FindingFact]


class RosterImportRow(Fact):
    """One shift of a sheet, and whether it is new to the draft."""

    row: int
    action: Literal["create", "unchanged"]
    changed: list[str]
    seat_id: int
    name: str
    shift: str


class RosterImportOut(Fact):
    """What a sheet would make of the draft, or made of it when `applied`. With faults nothing is done.

    `amended`: shifts of the draft that are not in the sheet and go.
    """

    applied: bool
    created: int
    amended: int
    unchanged: int
    faults: list[CellFault]
    faults_total: int
    rows: list[RosterImportRow]


class OverrideFact(Fact):
    """A change of the roster for a while; its effect is seen in the shifts."""

    id: int
    post_id: int
    seat_id: int
    starts_at: datetime
    ends_at: datetime
    add_person_id: int | None
    remove_person_id: int | None
    kind: Literal["override", "substitution", "swap", "leave", "acting"]
    reason: str
    made_by: str
    made_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None


class TemporaryFact(Fact):
    """A schedule that alone holds for a while."""

    id: int
    post_id: int
    seat_id: int
    starts_at: datetime
    ends_at: datetime
    shifts: list[CellFact]
    reason: str
    made_by: str
    made_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None
