"""Tables of status round-ups. Answers are only ever added: what was said late or wrong stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class StatusCall(SQLModel, table=True):
    """One round: questions, a deadline, recipients. `series_id` is the first round it was cloned from.

    `state`: planned (asked at `opens_at`), open, closed, cancelled. `reminded_at` and `escalated_at` are when
    the clock did so, once. A `drill` asks in the app alone.
    """

    __tablename__ = "status_call"
    __table_args__ = (
        UniqueConstraint("series_id", "round", name="status_rounds_are_numbered_once"),
        Index(
            "status_call_running", "stream", "due_at", postgresql_where=text("state IN ('planned','open')")
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    drill: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    series_id: int | None = Field(default=None, foreign_key="status_call.id", sa_type=BigInteger)
    round: int = 1
    title: str
    asked_by: str = ""
    note: str = ""
    questions: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger, index=True)
    opens_at: datetime = instant()
    due_at: datetime = instant()
    remind_at: datetime | None = instant(nullable=True)
    state: str = "open"
    opened_by: str
    opened_at: datetime | None = instant(nullable=True)
    reminded_at: datetime | None = instant(nullable=True)
    escalated_at: datetime | None = instant(nullable=True)
    closed_by: str | None = None
    closed_at: datetime | None = instant(nullable=True)


class StatusRecipient(SQLModel, table=True):
    """A unit that is asked, and who first looked at the questions there."""

    __tablename__ = "status_recipient"
    __table_args__ = (UniqueConstraint("call_id", "unit_id", name="a_unit_is_asked_once_a_round"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    call_id: int = Field(foreign_key="status_call.id", sa_type=BigInteger)
    unit_id: int = Field(foreign_key="org_unit.id", sa_type=BigInteger, index=True)
    ordinal: int = 0
    read_at: datetime | None = instant(nullable=True)
    read_by: str = ""


class StatusAnswer(SQLModel, table=True):
    """One version of a unit's answer; nothing here is changed or deleted.

    `as_of` is when the figures were true, `told_at` when they reached the centre, `entered_at` when they
    were written down. `doubts` are what looked wrong and was taken all the same.
    """

    __tablename__ = "status_answer"
    __table_args__ = (UniqueConstraint("recipient_id", "version", name="answer_versions_are_numbered_once"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    recipient_id: int = Field(foreign_key="status_recipient.id", sa_type=BigInteger)
    version: int
    nothing: bool = False
    told: dict[str, Any] = Field(sa_column=Column("told", JSONB, nullable=False))
    doubts: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    note: str = ""
    source: str
    told_by: str = ""
    voucher: str = ""
    reason: str = ""
    as_of: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str
    late_minutes: int = 0


class StatusNotice(SQLModel, table=True):
    """One thing sent to a recipient or called out about it: asked, reminded, escalated to its head.

    `delivery_id` None means that there was no way to send it: somebody has to telephone.
    """

    __tablename__ = "status_notice"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    recipient_id: int = Field(foreign_key="status_recipient.id", sa_type=BigInteger, index=True)
    kind: str  # asked | reminded | escalated
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id", sa_type=BigInteger)
    channel: str = ""
    address: str = ""
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger)
    name: str = ""
    why_zh: str = ""
    why_en: str = ""
    at: datetime = instant()
    by: str = ""  # empty: the clock


class StatusText(SQLModel, table=True):
    """A text message or radio text that answers a round-up, as it came: taken, or refused and why."""

    __tablename__ = "status_text"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    call_id: int | None = Field(default=None, foreign_key="status_call.id", sa_type=BigInteger, index=True)
    recipient_id: int | None = Field(default=None, foreign_key="status_recipient.id", sa_type=BigInteger)
    device_id: int = Field(foreign_key="device.id", sa_type=BigInteger)
    dedup_key: str
    source: str
    sender: str
    words: str
    heard_at: datetime = instant()
    taken: bool
    reply: str = ""


class StatusSummary(SQLModel, table=True):
    """The round as it stood at an instant, kept as one version: what a report quotes."""

    __tablename__ = "status_summary"

    call_id: int = Field(
        primary_key=True,
        foreign_key="status_call.id",
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    version: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    made_by: str
    made_at: datetime = instant()
    detail: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class StatusRepeat(SQLModel, table=True):
    """When a series is asked again by itself, until somebody says stop. One that runs a series."""

    __tablename__ = "status_repeat"
    __table_args__ = (
        Index(
            "a_series_repeats_once_at_a_time",
            "series_id",
            unique=True,
            postgresql_where=text("stopped_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    series_id: int = Field(foreign_key="status_call.id", sa_type=BigInteger)
    every_hours: int | None = None
    times: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    lead_minutes: int
    next_due_at: datetime = instant()
    set_by: str
    set_at: datetime = instant()
    stopped_by: str | None = None
    stopped_at: datetime | None = instant(nullable=True)
