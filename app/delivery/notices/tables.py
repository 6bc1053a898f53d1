"""Table of notices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant


class Notice(SQLModel, table=True):
    """Words to one person, written in the transaction of what they speak of.

    `key` names the matter: nobody is told the same matter twice. `next_step_at` is when an SMS follows a
    notice that was not opened; None when none will.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("stream", "person_id", "key", name="a_person_is_told_a_matter_once"),
        Index("notice_waits", "next_step_at", postgresql_where=text("next_step_at IS NOT NULL")),
        Index("notice_of_person", "person_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    person_id: int = Field(foreign_key="person.id", sa_type=BigInteger)
    phone: str = ""
    topic: str  # plain | circular | rectification | spot_check | coverage
    subject_id: int | None = Field(default=None, sa_type=BigInteger)
    key: str
    text: str
    text_en: str = ""  # of what the house itself says
    step: str  # app | sms | none
    concern_regions: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    sent_by: str = ""  # "" for the clock
    sent_at: datetime = instant()
    next_step_at: datetime | None = instant(nullable=True)
    read_at: datetime | None = instant(nullable=True)
    read_means: str | None = None
