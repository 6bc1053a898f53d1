"""Tables of the intake queue: partners with their secrets, and notices that wait to be judged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class Partner(SQLModel, table=True):
    """A partner unit (联动单位) that may send notices. The secret is needed to check signatures."""

    __tablename__ = "partner"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    key: str = Field(unique=True)
    name_zh: str
    secret: str
    made_by: str
    made_at: datetime = instant()
    revoked_at: datetime | None = instant(nullable=True)
    revoked_by: str | None = None


class IntakeNotice(SQLModel, table=True):
    """What somebody outside told us; it opens no incident by itself.

    `their_id` is the sender's own number: the same one again is the same notice.
    """

    __tablename__ = "intake_notice"
    __table_args__ = (
        CheckConstraint(
            "(state = 'waiting') = (judged_at IS NULL)", name="intake_notice_is_judged_by_somebody"
        ),
        Index("intake_notice_of_incident", "incident_id"),
        Index("intake_notice_waiting", "stream", "state", "id"),
        Index(
            "intake_notice_once",
            "stream",
            "source",
            text("coalesce(partner_id, 0)"),
            "their_id",
            unique=True,
            postgresql_where=text("their_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    state: str = Field(default="waiting", sa_column_kwargs={"server_default": "waiting"})
    source: str
    from_name: str
    from_phone: str = ""
    partner_id: int | None = Field(default=None, foreign_key="partner.id", sa_type=BigInteger)
    their_id: str | None = None
    content_hash: str
    title: str
    text: str = ""
    event_code: str | None = None
    region_code: str | None = Field(default=None, foreign_key="region.code")
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    channel: str = Field(default="", sa_column_kwargs={"server_default": ""})  # how it reached the desk
    voucher: str = Field(default="", sa_column_kwargs={"server_default": ""})
    happened_at: datetime | None = instant(nullable=True)
    told_at: datetime = instant()
    received_at: datetime = instant()
    entered_by: str = ""
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BigInteger)
    judged_by: str | None = None
    judged_at: datetime | None = instant(nullable=True)
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger)
    drill_id: int | None = Field(default=None, sa_type=BigInteger)  # a floor above: no foreign key
    readers: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
