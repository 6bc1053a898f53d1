"""Tables of what passes between houses: peers, the outgoing queue, reports that came in, nonces."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db import instant


class ReportPeer(SQLModel, table=True):
    """A house or unit a desk reports to or gets reports from. Secrets are not in the database."""

    __tablename__ = "report_peer"
    __table_args__ = (
        Index(
            "one_peer_of_a_name",
            "stream",
            "region_code",
            "node",
            "name",
            unique=True,
            postgresql_where=text("active"),
        ),
        Index(
            "one_peer_of_a_key",
            "stream",
            "key_id",
            unique=True,
            postgresql_where=text("active AND key_id <> ''"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")  # whose peer it is: a desk
    node: str  # C | CG | P | PR | D | T
    name: str
    means: str  # system | email | file
    url: str = ""
    email: str = ""
    key_id: str = ""
    scope: str = ""
    phone: str = ""
    active: bool = True
    registered_by: str
    registered_at: datetime = instant()
    retired_by: str | None = None
    retired_at: datetime | None = instant(nullable=True)


class ReportOutgoing(SQLModel, table=True):
    """Something on its way to a peer: written with what it follows from, delivered by the courier.

    `message` is what is sent, without the bytes of its papers, which are those of `edition`.
    """

    __tablename__ = "report_outgoing"
    __table_args__ = (
        Index("report_outgoing_once", "peer_id", "kind", "message_id", unique=True),
        Index("report_outgoing_due", "stream", "next_at", postgresql_where=text("state = 'waiting'")),
        Index("report_outgoing_of_report", "report_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    peer_id: int = Field(foreign_key="report_peer.id", sa_type=BigInteger)
    kind: str  # report | acknowledgement
    message_id: str
    report_id: int | None = Field(default=None, foreign_key="written_report.id", sa_type=BigInteger)
    addressee_id: int | None = Field(default=None, sa_type=BigInteger)
    received_id: int | None = Field(default=None, foreign_key="received_report.id", sa_type=BigInteger)
    edition: int | None = None
    message: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    state: str = "waiting"  # waiting | delivered | stopped
    queued_at: datetime = instant()
    attempts: int = 0
    tried_at: datetime | None = instant(nullable=True)
    next_at: datetime | None = instant(nullable=True)
    trouble: str = ""
    trouble_detail: str = ""
    alarm_at: datetime | None = instant(nullable=True)
    delivered_at: datetime | None = instant(nullable=True)
    receipt_number: str = ""
    receipt_at: datetime | None = instant(nullable=True)
    body_sha256: str = ""
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = instant(nullable=True)


class ReceivedReport(SQLModel, table=True):
    """A report that came in. `region_code` is the desk it came to; `peer_id` None: a person imported it."""

    __tablename__ = "received_report"
    __table_args__ = (
        Index("received_report_once", "stream", text("coalesce(peer_id, 0)"), "message_id", unique=True),
        Index("received_report_latest", "stream", "id"),
        Index("received_report_of_incident", "from_name", "their_incident"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")
    peer_id: int | None = Field(default=None, foreign_key="report_peer.id", sa_type=BigInteger)
    number: str
    message_id: str
    content_hash: str
    body_sha256: str
    means: str  # system | file
    signed: bool
    restricted: bool
    from_node: str
    from_name: str
    their_number: str
    their_incident: str
    kind: str
    seq: int
    title: str
    text: str
    secrecy: str
    urgency: str
    author: str
    contact: str
    signer: str
    signed_at: datetime = instant()
    region_path: str
    message: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    received_at: datetime = instant()
    entered_by: str
    notice_id: int | None = Field(default=None, foreign_key="intake_notice.id", sa_type=BigInteger)
    state: str = "received"  # received | acknowledged
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = instant(nullable=True)


class ReceivedPaper(SQLModel, table=True):
    """A paper that came with a report, byte by byte."""

    __tablename__ = "received_paper"

    received_id: int = Field(primary_key=True, foreign_key="received_report.id", sa_type=BigInteger)
    form: str = Field(primary_key=True)
    sha256: str
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ExchangeNonce(SQLModel, table=True):
    """A nonce that was used; kept for twice as long as a time stamp is fresh."""

    __tablename__ = "exchange_nonce"

    key_id: str = Field(primary_key=True)
    nonce: str = Field(primary_key=True)
    at: datetime = instant(index=True)
