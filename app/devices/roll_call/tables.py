"""Tables of roll calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant


class RollCall(SQLModel, table=True):
    """One roll call. `region_codes` are the places of the devices that are called: they see it."""

    __tablename__ = "roll_call"
    __table_args__ = (Index("roll_call_open", "stream", postgresql_where=text("state = 'open'")),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    title: str
    talk_group: str = ""
    region_codes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    state: str = "open"  # open | closed
    opened_at: datetime = instant()
    opened_by: str
    closed_at: datetime | None = instant(nullable=True)
    closed_by: str | None = None


class RollCallAnswer(SQLModel, table=True):
    """One device that is called: `waiting` until it answers or is missing. `asked_at`: a link asked it."""

    __tablename__ = "roll_call_answer"

    roll_call_id: int = Field(primary_key=True, foreign_key="roll_call.id", sa_type=BigInteger)
    device_id: int = Field(primary_key=True, foreign_key="device.id", sa_type=BigInteger)
    state: str = "waiting"  # waiting | answered | missing
    how: str = ""  # by_hand | on_air | radio_check …
    note: str = ""
    answered_at: datetime | None = instant(nullable=True)
    noted_by: str = ""
    asked_at: datetime | None = instant(nullable=True)
