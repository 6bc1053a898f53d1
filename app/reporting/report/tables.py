"""Tables of written reports: the versions, and to whom each goes; their papers lie in the archive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db import instant


class WrittenReport(SQLModel, table=True):
    """One version in the chain of an incident: the same text for all addressees (同口径).

    `region_code` is whose report it is. `narrative` is what people added to the record, `points` the facts
    behind the text in words by key, `told` all that is told once it is sent: the next one is compared with
    that. `incident_version` is the version of the incident the points are of. `revision` counts every
    change, so that nobody overwrites what he has not read.
    """

    __tablename__ = "written_report"
    __table_args__ = (
        UniqueConstraint("stream", "series", "year", "running", name="a_report_number_is_given_once"),
        Index(
            "one_live_version_of_a_report",
            "incident_id",
            "region_code",
            "version",
            unique=True,
            postgresql_where=text("state <> 'dropped'"),
        ),
        Index(
            "one_unfinished_report",
            "incident_id",
            "region_code",
            unique=True,
            postgresql_where=text("state IN ('draft', 'returned', 'reviewed', 'signed')"),
        ),
        Index("written_report_by_time", "stream", "drafted_at"),
        Index("written_report_asks", "stream", "reask_at", postgresql_where=text("reask_at IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger, index=True)
    region_code: str = Field(foreign_key="region.code")
    kind: str  # initial | followup | final
    seq: int = 0  # 续报一 is 1, 终报二 is 2; 0 for the others
    version: int
    revision: int = 1
    state: str = "draft"  # draft | returned | reviewed | signed | sent | confirmed | dropped
    title: str
    text: str
    secrecy: str = "internal"
    urgency: str = "urgent"
    author: str
    contact: str = ""
    narrative: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    points: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    told: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    unknown: list[str] = Field(sa_column=Column(JSONB, nullable=False))
    incident_version: int
    as_of: datetime = instant()
    reask_at: datetime | None = instant(nullable=True)  # the timer: survives restarts
    asked: int = 0  # how often it was
    skip_reason: str = ""
    drill: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    drafted_by: str
    drafted_at: datetime = instant()
    reviewed_by: str | None = None
    reviewed_at: datetime | None = instant(nullable=True)
    returns: int = 0
    returned_by: str | None = None
    returned_at: datetime | None = instant(nullable=True)
    remarks: str = ""
    series: str | None = None
    year: int | None = None
    running: int | None = None
    number: str | None = None
    signed_as: str | None = None  # leader | oral_consent
    signed_by: str | None = None
    consent_of: str = ""
    consent_at: datetime | None = instant(nullable=True)
    signed_at: datetime | None = instant(nullable=True)
    countersigned_by: str | None = None
    countersigned_at: datetime | None = instant(nullable=True)
    sent_at: datetime | None = instant(nullable=True)
    dropped_by: str | None = None
    dropped_reason: str = ""


class ReportAddressee(SQLModel, table=True):
    """One node a report goes to, and how it was received: by a receipt, or by a call that confirmed it."""

    __tablename__ = "report_addressee"
    __table_args__ = (Index("report_addressee_of_report", "report_id", "ordinal"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    report_id: int = Field(foreign_key="written_report.id", sa_type=BigInteger)
    ordinal: int
    node: str  # C | CG | P | PR | D
    name: str
    is_copy: bool = False
    sent_at: datetime | None = instant(nullable=True)
    sent_by: str = ""
    channel: str = ""
    confirmed_as: str | None = None  # receipt | call
    confirmed_at: datetime | None = instant(nullable=True)
    confirmed_by: str = ""  # who received it there
    confirmed_number: str = ""
    confirmed_entered_by: str = ""
