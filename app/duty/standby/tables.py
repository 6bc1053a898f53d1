"""Tables of readiness: returns, names, head counts, exemptions, alerts and the approved sheets."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class ReadinessReturn(SQLModel, table=True):
    """What a team reported of a day: on post, on leave, out, sick (在岗、休假、出勤、病). One a team and day.

    `strength` and `required` are those of the day, so that the past is answered from here.
    """

    __tablename__ = "readiness_return"
    __table_args__ = (
        UniqueConstraint("team_id", "day", name="one_readiness_return_a_team_and_day"),
        CheckConstraint(
            "on_post >= 0 AND on_leave >= 0 AND out >= 0 AND sick >= 0"
            " AND on_post + on_leave + out + sick = strength",
            name="readiness_return_adds_up",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    team_id: int = Field(foreign_key="team.id", sa_type=BigInteger)
    day: date
    strength: int
    on_post: int
    on_leave: int
    out: int
    sick: int
    note: str = ""
    key_day: bool
    late: bool
    revision: int = 1
    returned_by: str
    returned_at: datetime = instant()


class StandbyList(SQLModel, table=True):
    """The names a township keeps on standby on a day (乡镇备勤名单). One a place and day.

    What the acceptance is worth is written when it is given: `key_day` and `yuan_per_day` are the terms of
    that hour, and no later change of a rule or rate alters what was accepted (architecture, rule 7).
    """

    __tablename__ = "standby_list"
    __table_args__ = (UniqueConstraint("region_code", "day", name="one_standby_list_a_place_and_day"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")
    day: date
    team_id: int | None = Field(default=None, foreign_key="team.id", sa_type=BigInteger)
    version: int = 0
    required: int
    key_day: bool
    entered_by: str
    entered_at: datetime = instant()
    late: bool
    accepted_by: str | None = None
    accepted_at: datetime | None = instant(nullable=True)
    yuan_per_day: Decimal | None = Field(default=None, sa_type=Numeric(10, 2))


class StandbyPerson(SQLModel, table=True):
    """A person on a list. `state`: named, accepted, struck (除名). Who was struck may stand by elsewhere.

    A person is in one place a day: by his number in the register, and by his telephone.
    """

    __tablename__ = "standby_person"
    __table_args__ = (
        CheckConstraint("state IN ('named', 'accepted', 'struck')", name="standby_person_state_is_known"),
        CheckConstraint(
            "(state = 'struck') = (struck_at IS NOT NULL)", name="standby_person_is_struck_at_a_time"
        ),
        # Double listing (重复列名): the same person, or the same telephone, twice on a day.
        Index(
            "standby_person_once_a_day",
            "stream",
            "day",
            "person_id",
            unique=True,
            postgresql_where=text("state <> 'struck' AND person_id IS NOT NULL"),
        ),
        Index(
            "standby_phone_once_a_day",
            "stream",
            "day",
            "phone",
            unique=True,
            postgresql_where=text("state <> 'struck' AND phone <> ''"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    list_id: int = Field(foreign_key="standby_list.id", sa_type=BigInteger, index=True)
    stream: str
    day: date
    name: str
    phone: str = ""
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger)
    state: str = "named"
    since: datetime = instant()
    named_by: str
    named_at: datetime = instant()
    accepted_by: str | None = None
    accepted_at: datetime | None = instant(nullable=True)
    struck_by: str | None = None
    struck_at: datetime | None = instant(nullable=True)
    struck_reason: str = ""


class StandbyHeadCount(SQLModel, table=True):
    """A roll-call of a list (点名): how many were counted, how many were on the list before it."""

    __tablename__ = "standby_head_count"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    list_id: int = Field(foreign_key="standby_list.id", sa_type=BigInteger, index=True)
    method: str
    listed: int
    counted: int
    remark: str = ""
    counted_by: str
    counted_at: datetime = instant()


class ReadinessExemption(SQLModel, table=True):
    """A leader accepts fewer than the rule asks for, until a day, for a reason. `floor` is still enough."""

    __tablename__ = "readiness_exemption"
    __table_args__ = (
        CheckConstraint('"until" >= first', name="readiness_exemption_runs_forwards"),
        CheckConstraint(
            "(team_id IS NULL) <> (region_code IS NULL)", name="readiness_exemption_is_for_one_subject"
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    team_id: int | None = Field(default=None, foreign_key="team.id", sa_type=BigInteger)
    region_code: str | None = Field(default=None, foreign_key="region.code")
    first: date
    until: date
    floor: int
    reason: str
    granted_by: str
    granted_at: datetime = instant()
    revoked_by: str | None = None
    revoked_at: datetime | None = instant(nullable=True)


class ReadinessAlert(SQLModel, table=True):
    """A team or place was short, or had not reported, from when to when. Told once while it lasts."""

    __tablename__ = "readiness_alert"
    __table_args__ = (
        # Two nodes look at the same minute: one of them tells.
        Index(
            "readiness_alert_once_while_it_lasts",
            "stream",
            "subject",
            "kind",
            "day",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    subject: str  # team:<id> | township:<region code>
    kind: str  # short | missing
    day: date
    required: int
    present: int
    opened_at: datetime = instant()
    closed_at: datetime | None = instant(nullable=True)


class AllowanceSheet(SQLModel, table=True):
    """A township's month as a leader approved it (备勤补助表); approving again writes the next revision."""

    __tablename__ = "allowance_sheet"
    __table_args__ = (
        UniqueConstraint("region_code", "month", "revision", name="allowance_sheet_revision_once"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")
    month: date
    revision: int
    person_days: int
    yuan: Decimal = Field(sa_type=Numeric(12, 2))
    lines: list[dict[str, object]] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
    approved_by: str
    approved_at: datetime = instant()
