"""The table of cross-border notices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from app.db import instant


class HandoffNotice(SQLModel, table=True):
    """A neighbour was told of an incident (通报) or given it (移交), and whether somebody there received it.

    Name and telephone stand as they were when it was sent, whatever becomes of the partner.
    """

    __tablename__ = "handoff_notice"
    __table_args__ = (
        CheckConstraint("(received_at IS NULL) = (received_by IS NULL)", name="a_receipt_is_whole"),
        CheckConstraint("received_at >= happened_at", name="a_notice_is_received_after_it_was_sent"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger, index=True)
    kind: str  # notify | hand_off
    partner_id: int | None = Field(default=None, foreign_key="mutual_aid_partner.id", sa_type=BigInteger)
    name: str
    phone: str
    means: str
    text: str
    happened_at: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()
    channel: str = ""
    voucher: str = ""
    sent_by: str
    received_by: str | None = None
    received_at: datetime | None = instant(nullable=True)
    receipt_told_at: datetime | None = instant(nullable=True)
    receipt_entered_at: datetime | None = instant(nullable=True)
    receipt_channel: str = ""
    receipt_voucher: str = ""
    receipt_entered_by: str | None = None
