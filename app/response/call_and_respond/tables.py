"""Tables of call-and-respond (预警叫应). Who is called is frozen at the start."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class CalloutRound(SQLModel, table=True):
    """One content that must be answered for: why, what comes when and where, and what it does there.

    `kind`: alert, or lowered, cancelled: those go to whom `same_as_id` reached and nobody is climbed to.
    `limits` are the minutes in force when it started (rules/limits.py), `limits_version` which version.
    """

    __tablename__ = "callout_round"
    __table_args__ = (
        Index("callout_running", "stream", postgresql_where=text("state = 'running'")),
        Index(
            "a_cause_is_called_once_at_a_time",
            "stream",
            "cause_kind",
            "cause_id",
            "colour",
            unique=True,
            postgresql_where=text("state = 'running' AND cause_id IS NOT NULL AND kind = 'alert'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    kind: str = "alert"
    cause_kind: str
    cause_id: int | None = Field(default=None, sa_type=BigInteger)
    title: str
    colour: str
    hazard: str = ""
    expected: str = ""
    area: str = ""
    harm: str = ""
    drill: bool = False
    region_codes: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    limits: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    limits_version: int = 0
    same_as_id: int | None = Field(default=None, foreign_key="callout_round.id", sa_type=BigInteger)
    state: str = "running"
    started_at: datetime = instant()
    started_by: str
    drawn_at: datetime | None = instant(nullable=True)
    drawn_by: str = ""
    draw_seed: str = ""
    widened_at: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)
    ended_by: str = ""
    ended_words: str = ""


class CalloutTarget(SQLModel, table=True):
    """A leader of the county, a township or a village that must answer, and its five steps (五有).

    `begun_at`: since when it is called, later than its round where that was extended by its place.
    `tried` is how many groups of its ladder were opened (rules/climb.py), `next_at` when the clock looks
    again. `outcome` of the spot call: agrees, not_passed_on, unreached.
    """

    __tablename__ = "callout_target"
    __table_args__ = (
        UniqueConstraint("round_id", "tier", "region_code", "ordinal", name="a_target_is_called_once"),
        Index("callout_target_next", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    round_id: int = Field(foreign_key="callout_round.id", sa_type=BigInteger, index=True)
    tier: str
    region_code: str = Field(foreign_key="region.code")
    ordinal: int
    name: str
    caller: str = ""
    gaps: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    begun_at: datetime = instant()
    due_at: datetime = instant()
    tried: int = 0
    failed_at: datetime | None = instant(nullable=True)
    next_at: datetime | None = instant(nullable=True)
    overdue_at: datetime | None = instant(nullable=True)
    answered_at: datetime | None = instant(nullable=True)
    answered_by: str = ""
    answered_means: str = ""
    answered_words: str = ""
    acted_at: datetime | None = instant(nullable=True)
    feedback_due_at: datetime | None = instant(nullable=True)
    feedback_asked_at: datetime | None = instant(nullable=True)
    fed_back_at: datetime | None = instant(nullable=True)
    drawn: bool = False
    outcome: str | None = None
    verified_at: datetime | None = instant(nullable=True)
    verified_by: str = ""
    verified_words: str = ""


class CalloutPerson(SQLModel, table=True):
    """Somebody to call for a target, as he was known at the start. `code` answers a text."""

    __tablename__ = "callout_person"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    target_id: int = Field(foreign_key="callout_target.id", sa_type=BigInteger, index=True)
    ordinal: int
    role: str
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger, index=True)
    name: str
    title: str = ""
    phones: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    mobile: str = ""
    call_sign: str = ""
    satellite_number: str = ""
    beidou_number: str = ""
    app: bool = False
    code: str = ""


class CalloutCall(SQLModel, table=True):
    """One call: done, or (`result` due) to be done by `owner` until `due_at`. Sent is not answered."""

    __tablename__ = "callout_call"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    target_id: int = Field(foreign_key="callout_target.id", sa_type=BigInteger, index=True)
    person_row_id: int | None = Field(default=None, foreign_key="callout_person.id", sa_type=BigInteger)
    name: str = ""
    number: str = ""
    means: str
    purpose: str = "call"
    attempt: int = 1
    result: str
    words: str = ""
    at: datetime = instant()
    by: str = ""
    entered_at: datetime = instant()
    due_at: datetime | None = instant(nullable=True)
    owner: str = ""
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id", sa_type=BigInteger)


class CalloutReport(SQLModel, table=True):
    """What a village or its township says was done: evacuated n of m, a road closed, a patrol, words."""

    __tablename__ = "callout_report"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    target_id: int = Field(foreign_key="callout_target.id", sa_type=BigInteger, index=True)
    kind: str
    done: int | None = None
    planned: int | None = None
    words: str = ""
    means: str = "app"
    told_by: str = ""
    feedback: bool = False
    at: datetime = instant()
    entered_by: str = ""


class CalloutLimits(SQLModel, table=True):
    """A version of the minutes in which each tier must have answered, by colour. Versions are only added."""

    __tablename__ = "callout_limits"

    stream: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    limits: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    reason: str = ""
    made_by: str
    made_at: datetime = instant()


class CalloutListed(SQLModel, table=True):
    """A person of the standing list of those who are called for the county or a township (叫应名单)."""

    __tablename__ = "callout_listed"
    __table_args__ = (UniqueConstraint("region_code", "ordinal", name="the_list_has_an_order"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")
    ordinal: int
    role: str
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger)
    office_id: int | None = Field(default=None, foreign_key="office.id", sa_type=BigInteger)


class CalloutFiling(SQLModel, table=True):
    """The yearly review of the list (refreshed and filed before 20 April): asked for, overdue, filed."""

    __tablename__ = "callout_filing"

    stream: str = Field(primary_key=True)
    year: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    reminded_at: datetime | None = instant(nullable=True)
    overdue_at: datetime | None = instant(nullable=True)
    filed_at: datetime | None = instant(nullable=True)
    filed_by: str = ""
    people: int = 0
    gaps: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    snapshot: list[dict[str, Any]] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
