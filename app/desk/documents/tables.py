"""The table of free texts that become documents: daily briefs, special reports, minutes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Index, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class DocumentDraft(SQLModel, table=True):
    """A text that people write and a leader signs; then it has a number and lies in the archive.

    `revision` counts every change. `incident_id` is the incident it is of; `about_ids` are those it tells of
    besides: whoever may not know one of them does not see it.
    """

    __tablename__ = "document_draft"
    __table_args__ = (Index("document_draft_state", "stream", "state", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")
    kind: str  # daily_brief | special_report | minutes | evaluation
    state: str = "draft"  # draft | signed | dropped
    revision: int = 1
    drill: bool = False
    title: str
    text: str
    secrecy: str = "internal"
    urgency: str = "normal"
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger, index=True)
    about_ids: list[int] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(BigInteger), nullable=False)
    )
    day: date | None = None
    chaired_by: str = ""
    place: str = ""
    participants: str = ""
    held_at: datetime | None = instant(nullable=True)
    addressees: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(String), nullable=False))
    copies: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(String), nullable=False))
    contact: str = ""
    drafted_by: str
    drafted_at: datetime = instant()
    signed_by: str | None = None
    signed_at: datetime | None = instant(nullable=True)
    number: str | None = None
    document_id: int | None = Field(default=None, foreign_key="document.id", sa_type=BigInteger)
    dropped_by: str | None = None
    dropped_reason: str = ""
