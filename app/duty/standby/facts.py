"""Wire shapes of readiness and standby."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from app.duty.standby.rules.level import Colour, State
from app.wire import Fact

PersonState = Literal["named", "accepted", "struck"]
Method = Literal["video", "radio", "phone", "site"]


class WordsFact(Fact):
    """One sentence in both languages."""

    zh: str
    en: str


class ReturnFact(Fact):
    """A team's return of a day (每日备勤报告). `revision` above 1: it was put right."""

    id: int
    team_id: int
    team_name: str
    region_code: str
    day: date
    strength: int
    on_post: int
    on_leave: int
    out: int
    sick: int
    note: str
    key_day: bool
    late: bool
    revision: int
    returned_by: str
    returned_at: datetime


class StandbyPersonFact(Fact):
    """A person on standby; `person_id` None when he stands in no register."""

    id: int
    name: str
    phone: str
    person_id: int | None
    state: PersonState
    since: datetime
    named_by: str
    named_at: datetime
    accepted_by: str | None
    accepted_at: datetime | None
    struck_by: str | None
    struck_at: datetime | None
    struck_reason: str


class HeadCountFact(Fact):
    """A roll-call of a list: `listed` persons before it, `counted` heads."""

    id: int
    method: Method
    listed: int
    counted: int
    remark: str
    counted_by: str
    counted_at: datetime


class ListHead(Fact):
    """A township's list of a day without its names."""

    id: int
    region_code: str
    region_name: str
    day: date
    team_id: int | None
    team_name: str | None
    version: int
    required: int
    key_day: bool
    entered_by: str
    entered_at: datetime
    late: bool
    accepted_by: str | None
    accepted_at: datetime | None
    yuan_per_day: Decimal | None


class ListFact(ListHead):
    """A township's list of a day with its names and head counts."""

    persons: list[StandbyPersonFact]
    head_counts: list[HeadCountFact]


class ExemptionFact(Fact):
    """A leader accepts `floor` persons instead of what the rule asks for, up to and including `until`."""

    id: int
    team_id: int | None
    region_code: str | None
    first: date
    until: date
    floor: int
    reason: str
    granted_by: str
    granted_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None


class ContactFact(Fact):
    """Whom to call: the township's leader where he has an account, else its duty room."""

    name: str
    phone: str


class LevelFact(Fact):
    """How a brigade or a township stands on a day.

    `subject` is `team:<id>` or `township:<region code>`. `percent` is of the strength on the books for a
    brigade, of what is required for a township. `short_since` runs while it is short.
    """

    subject: str
    team_id: int | None
    region_code: str
    name_zh: str
    name_en: str
    day: date
    key_day: bool
    strength: int | None
    required: int
    present: int
    percent: int | None
    state: State
    colour: Colour
    reasons: list[WordsFact]
    late: bool
    exemption: ExemptionFact | None
    short_since: datetime | None
    contact: ContactFact | None


class SheetLineFact(Fact):
    """One person's month at one township."""

    region_code: str
    region_name: str
    name: str
    phone: str
    person_id: int | None
    days: list[date]
    yuan: Decimal


class ApprovedFact(Fact):
    """What a leader approved; `lines` stand in the record."""

    revision: int
    person_days: int
    yuan: Decimal
    approved_by: str
    approved_at: datetime


class SheetFact(Fact):
    """A township's month: what the records say now, and what was approved last.

    `changed` True: the records differ from what was approved, and it has to be approved again.
    """

    region_code: str
    region_name: str
    month: date
    person_days: int
    yuan: Decimal
    approved: ApprovedFact | None
    changed: bool
    lines: list[SheetLineFact]
