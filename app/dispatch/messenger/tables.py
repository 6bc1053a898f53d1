"""Table of messengers sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class MessengerRun(SQLModel, table=True):
    """A messenger on the way to places; `overdue_at` is when his being late was told, once."""

    __tablename__ = "messenger_run"
    __table_args__ = (
        CheckConstraint("expected_at > left_at", name="a_messenger_is_expected_after_leaving"),
        Index("messenger_out", "stream", "expected_at", postgresql_where=text("back_at IS NULL")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    messenger: str
    phone: str = ""
    region_code: str = Field(foreign_key="region.code")
    villages: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    words: str
    by_means: str = "on_foot"
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger)
    left_at: datetime = instant()
    expected_at: datetime = instant()
    arrived_at: datetime | None = instant(nullable=True)
    back_at: datetime | None = instant(nullable=True)
    overdue_at: datetime | None = instant(nullable=True)
    report: str = ""
    channel: str = ""
    voucher: str = ""
    sent_by: str
    entered_at: datetime = instant()
    restricted: bool = False
    readers: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
