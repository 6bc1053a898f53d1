"""Table of what was entered after the fact."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.db import instant


class LateEntry(SQLModel, table=True):
    """An entry made after the fact, and what it became (`ref_id` of its kind). Never changed."""

    __tablename__ = "late_entry"
    __table_args__ = (
        CheckConstraint(
            "happened_at <= told_at AND told_at <= entered_at", name="it_happens_is_told_is_entered"
        ),
        Index("late_entry_at", "stream", "entered_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    kind: str  # report | log | figure | step | heads
    ref_id: int = Field(sa_type=BigInteger)
    region_code: str
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger)
    words: str
    channel: str
    voucher: str
    happened_at: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str
