"""Tables of delivery: everything that must leave the house is a row first."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class Delivery(SQLModel, table=True):
    """One outgoing message to one addressee over one channel, written in the action's own transaction.

    `wire_ref` is what the device's answer will quote (a JT808 serial, a card's command), set before
    the bytes leave. `expires_at` keeps a 40-minute-old order from ever being fired. What belongs to a
    `drill` (演练) is read in the app: a row for any line to the outside never leaves: the table sees to it.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("delivery_waiting", "channel", "id", postgresql_where=text("state = 'queued'")),
        Index("delivery_in_flight", "channel", "state"),
        CheckConstraint(
            "NOT drill OR channel = 'app' OR state = 'cancelled'", name="a_drill_is_told_in_the_app_alone"
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    # No foreign key upward: assignments live on a floor above.
    assignment_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    incident_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    notice_id: int | None = Field(default=None, foreign_key="notice.id", sa_type=BigInteger, index=True)
    order_recipient_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", sa_type=BigInteger)
    device_id: int | None = Field(default=None, foreign_key="device.id", sa_type=BigInteger)
    # Whom the message's progress concerns; widened when the incident's audience grows.
    concern_regions: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False)
    )
    concern_teams: list[int] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(BigInteger), nullable=False)
    )
    restricted: bool = False
    drill: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    readers: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    channel: str
    address: str
    addressee: str = Field(default="", sa_column_kwargs={"server_default": ""})  # a person's name
    body: str
    state: str = "queued"
    part_count: int = 1
    parts_sent: int = 0
    attempt: int = 0
    reason: str = ""
    wire_ref: str | None = None
    not_before: datetime | None = instant(nullable=True)
    queued_at: datetime = instant()
    submitted_at: datetime | None = instant(nullable=True)
    accepted_at: datetime | None = instant(nullable=True)
    delivered_at: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)
    expires_at: datetime = instant()
