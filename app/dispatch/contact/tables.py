"""Tables of contact: signs of life told or seen, units out of contact, the task to restore it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class ContactWatch(SQLModel, table=True):
    """When a county's silence was last looked at, and since when it is listened to without a gap."""

    __tablename__ = "contact_watch"

    stream: str = Field(primary_key=True)
    looked_at: datetime = instant()
    listening_since: datetime = instant()


class ContactSign(SQLModel, table=True):
    """The latest sign of life of a place or a team by a means that no other table keeps."""

    __tablename__ = "contact_sign"

    stream: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)  # region code, or "team:7"
    means: str = Field(primary_key=True)
    at: datetime = instant()


class UnitContact(SQLModel, table=True):
    """A unit that is or was out of contact: how it stands, and the situation as it was known last."""

    __tablename__ = "unit_contact"

    stream: str = Field(primary_key=True)
    unit: str = Field(primary_key=True)  # as in contact_sign
    kind: str
    name_zh: str
    region_code: str
    state: str
    since: datetime = instant()
    heartbeat_at: datetime = instant()
    means: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    frozen: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))


class ContactTask(SQLModel, table=True):
    """Restore contact (恢复联络) with a unit: one open task a unit."""

    __tablename__ = "contact_task"
    __table_args__ = (
        Index(
            "one_open_task_per_unit",
            "stream",
            "unit",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    unit: str
    name_zh: str
    region_code: str
    opened_at: datetime = instant()
    owner: str = ""
    closed_at: datetime | None = instant(nullable=True)
    closed_by: str = ""
    closed_how: str = ""


class ContactAttempt(SQLModel, table=True):
    """One try by one means: what came of it, with its three times, who reports it and who vouches for it."""

    __tablename__ = "contact_attempt"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    task_id: int = Field(foreign_key="contact_task.id", sa_type=BigInteger, index=True)
    means: str
    result: str  # reached | no_answer | failed
    words: str = ""
    voucher: str = ""
    happened_at: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str
