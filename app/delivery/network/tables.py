"""Tables of the centre's public network."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class CentreNetwork(SQLModel, table=True):
    """Whether the centre has the public network; one row a county, locked by whoever changes it.

    `channels` are those that need it: their messages wait while `state` is offline. `probed_at` is when
    the probe last reached something outside, `trusted_at` when a person said that the silence is the
    units' own: until then a common silence is suspected to be ours.
    """

    __tablename__ = "centre_network"

    stream: str = Field(primary_key=True)
    state: str = Field(default="online", sa_column_kwargs={"server_default": "online"})
    since: datetime = instant()
    found_by: str = Field(default="", sa_column_kwargs={"server_default": ""})  # probe | silence | hand
    by_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    channels: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    probed_at: datetime | None = instant(nullable=True)
    trusted_at: datetime | None = instant(nullable=True)


class LateDecision(SQLModel, table=True):
    """A message that grew too old while the network was away: never fired, shown until somebody decides."""

    __tablename__ = "late_decision"
    __table_args__ = (Index("late_decision_open", "stream", postgresql_where=text("decided_at IS NULL")),)

    delivery_id: int = Field(
        primary_key=True,
        foreign_key="delivery.id",
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    stream: str
    decision: str | None = None  # again | drop
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    by_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    decided_at: datetime | None = instant(nullable=True)
    again_id: int | None = Field(default=None, foreign_key="delivery.id", sa_type=BigInteger)
