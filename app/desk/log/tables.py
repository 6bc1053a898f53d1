"""Table of what was entered in the duty log by hand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant


class LogEntry(SQLModel, table=True):
    """An entry made by hand, once and for ever: a trigger refuses UPDATE and DELETE.

    Three times are kept apart: it happened, it was told to the desk, it was entered. What was wrong is put
    right by a new entry that names the old one by its number in the journal (`corrects_seq`).
    """

    __tablename__ = "log_entry"
    __table_args__ = (
        CheckConstraint("occurred_at <= told_at", name="it_happens_before_it_is_told"),
        Index("log_entry_of_post", "post_id", "entered_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    post_id: int = Field(foreign_key="duty_post.id", sa_type=BigInteger)
    text: str
    action: str = ""
    source: str
    source_name: str = ""
    lines: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    occurred_at: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str
    account_id: int = Field(sa_type=BigInteger)
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger)
    corrects_seq: int | None = Field(default=None, sa_type=BigInteger)
