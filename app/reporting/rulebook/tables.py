"""Tables of the rules' versions, and by which each incident was reckoned last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db import instant


class ReportingRules(SQLModel, table=True):
    """One version of the county's rules: the text of the file and the profiles that are switched on.

    `number` counts the versions of a county, `label` is what the text calls itself. A draft may be changed
    (`revision` counts the changes); what was published is never touched again, except that it may be dropped
    before its instant has come: a trigger sees to it. The version in force is the published one with the
    latest `holds_from` that has come.
    """

    __tablename__ = "reporting_rules"
    __table_args__ = (
        UniqueConstraint("stream", "number", name="reporting_rules_are_counted"),
        Index("reporting_rules_in_force", "stream", "state", "holds_from"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    number: int
    label: str
    text: str
    sha256: str
    profiles: list[str] = Field(sa_column=Column(JSONB, nullable=False))
    state: str = "draft"  # draft | published | dropped
    revision: int = 1
    base_id: int | None = Field(default=None, foreign_key="reporting_rules.id", sa_type=BigInteger)
    author: str
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BigInteger)
    created_at: datetime = instant()
    edited_by: str
    edited_at: datetime = instant()
    reason: str = ""
    published_by: str | None = None
    published_at: datetime | None = instant(nullable=True)
    holds_from: datetime | None = instant(nullable=True)
    dropped_by: str | None = None
    dropped_at: datetime | None = instant(nullable=True)


class ReportingReckoned(SQLModel, table=True):
    """By which rules and calendar (`key`) an incident's dues were reckoned last."""

    __tablename__ = "reporting_reckoned"

    incident_id: int = Field(
        primary_key=True,
        foreign_key="incident.id",
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    key: str
