"""Tables of reporting: what is known beyond dispatch, what is due, and what was late."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db import instant


class ReportingFact(SQLModel, table=True):
    """One fact the deadlines hang on. Append-only: a correction is another row that names the first.

    `kind` level, sensitive, key_facility, ended and reopened are the history of the incident, written by the
    house itself (`entered_by` ""), with the level's number or 0/1 as `value`. A person enters: learned and
    received (`name` is the node), figure (hot_pixels), flag, happening (an event), milestone (fire_out,
    stable) and scope. `at` None takes the fact back.
    """

    __tablename__ = "reporting_fact"
    __table_args__ = (
        Index("reporting_fact_of_incident", "incident_id", "id"),
        Index("reporting_fact_by_time", "stream", "entered_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger)
    kind: str
    name: str
    at: datetime | None = instant(nullable=True)
    value: float | None = None
    corrects_id: int | None = Field(default=None, foreign_key="reporting_fact.id", sa_type=BigInteger)
    reason: str = ""
    evidence: str = ""
    entered_at: datetime = instant()
    entered_by: str = ""
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BigInteger)


class ReportDue(SQLModel, table=True):
    """A report one node owes another, as last reckoned. Never deleted: dropped when not asked for."""

    __tablename__ = "report_due"
    __table_args__ = (
        UniqueConstraint(
            "incident_id", "sender", "receiver", "channel", "kind", "round", name="report_due_is_one"
        ),
        Index("report_due_open", "stream", "due_at", postgresql_where=text("state = 'open'")),
        Index("report_due_by_time", "stream", "due_at"),
        Index("report_due_alarm", "stream", "next_alarm_at", postgresql_where=text("state = 'open'")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger)
    sender: str
    receiver: str
    channel: str
    kind: str
    round: int
    begins_at: datetime = instant()
    due_at: datetime = instant()
    rule_id: str
    profile: str
    mark: str
    grade: str
    anchor: str
    anchor_at: datetime = instant()
    applied: str
    rules_version: str
    rules_id: int | None = Field(default=None, foreign_key="reporting_rules.id", sa_type=BigInteger)
    before_at: datetime | None = instant(nullable=True)  # when it was due by the rules before these
    explanation: dict[str, object] = Field(sa_column=Column(JSONB, nullable=False))
    state: str = "open"  # open | done | dropped
    done_at: datetime | None = instant(nullable=True)
    done_version: int | None = None
    alarmed_at: datetime | None = instant(nullable=True)  # every alarm up to here has been given
    next_alarm_at: datetime | None = instant(nullable=True)  # the timer: survives restarts
    messaged_at: datetime | None = instant(nullable=True)  # when a message named it last


class ReportLate(SQLModel, table=True):
    """迟报: a due passed (`minutes` so far or for good), or why. A trigger refuses UPDATE and DELETE."""

    __tablename__ = "report_late"
    __table_args__ = (Index("report_late_by_time", "due_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    due_id: int = Field(foreign_key="report_due.id", sa_type=BigInteger, index=True)
    kind: str  # late | reason
    due_at: datetime = instant()
    done_at: datetime | None = instant(nullable=True)
    minutes: int
    rule_id: str
    reason: str = ""
    noted_at: datetime = instant()
    noted_by: str = ""
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BigInteger)
