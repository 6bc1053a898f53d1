"""Tables of command bodies: the register, activations, and who held which post from when to when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class CommandBody(SQLModel, table=True):
    """A headquarters of the register.

    `hazards` are beginnings of event codes, `posts` who holds them as a rule.

    `kind`: general (总指挥部), special (专项指挥部), on_site (现场指挥部).
    """

    __tablename__ = "command_body"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str = Field(index=True)
    kind: str
    name_zh: str
    name_en: str = ""
    hazards: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    posts: list[dict[str, Any]] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
    member_unit_ids: list[int] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(BigInteger), nullable=False)
    )
    retired_at: datetime | None = instant(nullable=True)
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class CommandActivation(SQLModel, table=True):
    """A headquarters commands an incident: when that happened, was told and entered, by which voucher."""

    __tablename__ = "command_activation"
    __table_args__ = (
        Index(
            "one_active_command_of_a_body_at_an_incident",
            "incident_id",
            "body_id",
            unique=True,
            postgresql_where=text("stood_down_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger, index=True)
    body_id: int = Field(foreign_key="command_body.id", sa_type=BigInteger)
    site: str = ""
    reason: str
    activated_at: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str
    channel: str
    voucher: str = ""
    stood_down_at: datetime | None = instant(nullable=True)
    stood_down_by: str | None = None
    stood_down_reason: str | None = None


class CommandHolding(SQLModel, table=True):
    """Somebody held a post of an active headquarters from one instant to another."""

    __tablename__ = "command_holding"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    activation_id: int = Field(foreign_key="command_activation.id", sa_type=BigInteger, index=True)
    post: str
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger)
    name: str
    from_at: datetime = instant()
    to_at: datetime | None = instant(nullable=True)
    told_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str
    channel: str
    voucher: str = ""
    reason: str = ""
