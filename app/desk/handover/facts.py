"""Wire shapes of the hand-over."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.desk.handover.rules.items import Kind
from app.desk.handover.rules.signing import Part
from app.desk.handover.rules.team import Side
from app.duty.roster.facts import Role
from app.wire import Fact

MatterKind = Literal[
    "clock",
    "instruction",
    "warning",
    "response",
    "unfinished",
    "equipment",
    "keys",
    "weather",
    "note",
]


class HandoverItemFact(Fact):
    """One thing handed over; `gone_at` says since when it is over and needs no tick any more."""

    id: int
    key: str
    kind: Kind
    zh: str
    en: str
    due_at: datetime | None
    incident_id: int | None
    added_at: datetime
    altered_at: datetime | None
    gone_at: datetime | None
    opened_by: str | None
    opened_at: datetime | None
    ticked_by: str | None
    ticked_at: datetime | None
    in_order: bool | None
    remark: str


class MemberFact(Fact):
    """Somebody of one of the two teams. `late_min` counts from the beginning of the shift."""

    person_id: int
    name: str
    side: Side
    seat_id: int
    role: Role
    starts_at: datetime
    ends_at: datetime
    arrived_at: datetime | None
    early: bool | None
    late_min: int | None
    left_at: datetime | None
    overtime_min: int | None
    left_before_relief: bool
    remark: str


class SignatureFact(Fact):
    """A signature: by the person's own account, or typed by another with a reason."""

    part: Part
    person_id: int
    person_name: str
    typed_by: str | None
    reason: str
    signed_at: datetime


class HandoverHead(Fact):
    """A sheet without its items: how far it is and who takes part. `waiting` counts items not ticked yet."""

    id: int
    post_id: int
    post_name: str
    region_code: str
    change_at: datetime
    state: Literal["open", "completed"]
    opened_by: str
    opened_at: datetime
    completed_at: datetime | None
    items: int
    waiting: int
    members: list[MemberFact]
    signatures: list[SignatureFact]


class SignerFact(Fact):
    """Who may sign a part now; with no account of his own his signature is typed."""

    part: Part
    person_id: int
    name: str
    has_account: bool


class HandoverSheet(HandoverHead):
    """A whole sheet. Items that are over stay on it, marked."""

    sheet: list[HandoverItemFact]
    signers: list[SignerFact]


class MatterFact(Fact):
    """A matter written down by hand, handed on until closed."""

    id: int
    post_id: int
    region_code: str
    kind: MatterKind
    text: str
    due_at: datetime | None
    made_by: str
    made_at: datetime
    closed_by: str | None
    closed_at: datetime | None
    outcome: str
