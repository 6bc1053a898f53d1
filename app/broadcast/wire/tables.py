"""Tables of the wire: how a platform is reached, links, packets as bytes, errands, what superiors send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant


class BroadcastWire(SQLModel, table=True):
    """How one platform is spoken with. `code` and `our_code` are the EBRIDs of both sides in its dialect.

    `door` is the path below /EB it posts to, `allowed` the addresses and networks it may come from.
    `authorities` and `certificates` (143 bytes in hex) are what its signatures are proved by, `key_id` names
    the key that we sign with. `superior`: its messages are orders for us and come before a person.
    """

    __tablename__ = "broadcast_wire"
    __table_args__ = (Index("broadcast_wire_once", "stream", "code", unique=True),)

    peer_id: int = Field(foreign_key="broadcast_peer.id", primary_key=True, sa_type=BigInteger)
    stream: str
    code: str
    our_code: str
    url: str = ""
    door: str = "ebdsvc.html"
    dialect: str = "gdj-2018"  # gdj-2018 | draft-2016
    extensions: bool = False
    signs: bool = True
    append_time: bool = True
    time_is_counter: bool = False
    window_s: int = 600
    heartbeat_s: int = 30
    poll_s: int = 60
    allowed: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    authorities: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    certificates: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    key_id: str = ""
    superior: bool = False
    written_by: str
    written_at: datetime = instant()


class BroadcastLink(SQLModel, table=True):
    """What both sides last heard of each other. `beat_at` claims a heart-beat for one node.

    `answered_at` our packet was receipted, `heard_at` theirs came, `failed_at` our try found no receipt.
    """

    __tablename__ = "broadcast_link"

    peer_id: int = Field(foreign_key="broadcast_wire.peer_id", primary_key=True, sa_type=BigInteger)
    beat_at: datetime | None = instant(nullable=True)
    answered_at: datetime | None = instant(nullable=True)
    heard_at: datetime | None = instant(nullable=True)
    failed_at: datetime | None = instant(nullable=True)
    trouble: str = ""
    trouble_detail: str = ""
    asked_at: datetime | None = instant(nullable=True)  # terminals: Full the first time, then Incremental
    polled_at: datetime | None = instant(nullable=True)  # states of messages that play


class BroadcastPacket(SQLModel, table=True):
    """A packet as it passed, byte by byte, with what was found in it; heart-beats leave none.

    `answer` is its receipt: given again for the same bytes. `state` of what came in: waiting until what it
    says is taken up, then done; `refused` and `known` are taken up never.
    """

    __tablename__ = "broadcast_packet"
    __table_args__ = (
        Index(
            "broadcast_packet_once",
            "stream",
            "source",
            "ebd_id",
            unique=True,
            postgresql_where=text("direction = 'in' AND state IN ('waiting', 'done', 'failed', 'known')"),
        ),
        Index("broadcast_packet_waiting", "stream", "id", postgresql_where=text("state = 'waiting'")),
        Index("broadcast_packet_latest", "stream", "at"),
        Index("broadcast_packet_of_message", "ebm_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    peer_id: int | None = Field(default=None, foreign_key="broadcast_wire.peer_id", sa_type=BigInteger)
    direction: str  # in | out
    state: str  # in: waiting | done | failed | known | refused; out: sent
    source: str
    ebd_id: str
    kind: str
    related: str
    ebm_id: str
    message_hash: str = ""  # of an EBM: what it is known by beside its EBMID
    at: datetime = instant()
    address: str
    sha256: str
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    result: int
    findings: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    answer: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    words: str = ""


class BroadcastErrand(SQLModel, table=True):
    """A packet that is owed to a peer, tried until it has a receipt; what is no message goes this way too.

    `handover_id` is the message's own line in the outbox of broadcasts. `packed` are the bytes of the present
    EBDID; they are made anew when their time has grown old.
    """

    __tablename__ = "broadcast_errand"
    __table_args__ = (
        Index("broadcast_errand_due", "stream", "next_at", postgresql_where=text("state = 'waiting'")),
        Index("broadcast_errand_once", "handover_id", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    peer_id: int = Field(foreign_key="broadcast_wire.peer_id", sa_type=BigInteger)
    handover_id: int | None = Field(default=None, foreign_key="broadcast_handover.id", sa_type=BigInteger)
    kind: str
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    related: str = ""
    state: str = "waiting"  # waiting | receipted | refused | failed
    queued_at: datetime = instant()
    useful_until: datetime | None = instant(nullable=True)
    attempts: int = 0
    tried_at: datetime | None = instant(nullable=True)
    next_at: datetime | None = instant(nullable=True)
    packed_at: datetime | None = instant(nullable=True)
    packed: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    ebd_id: str = ""
    result: int | None = None
    trouble: str = ""
    trouble_detail: str = ""


class BroadcastIncoming(SQLModel, table=True):
    """A message another platform sent us: kept and shown to a person, never passed on by itself.

    `state`: received | cancelled. A cancel that overtakes its message waits here as a row of its own.
    """

    __tablename__ = "broadcast_incoming"
    __table_args__ = (
        Index("broadcast_incoming_once", "stream", "ebm_id", unique=True),
        Index("broadcast_incoming_cancels", "stream", "cancels"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    peer_id: int = Field(foreign_key="broadcast_wire.peer_id", sa_type=BigInteger)
    packet_id: int = Field(foreign_key="broadcast_packet.id", sa_type=BigInteger)
    ebm_id: str
    content_hash: str
    msg_type: int
    cancels: str = ""
    sender: str = ""
    title: str = ""
    text: str = ""
    severity: int = 0
    event_type: str = ""
    areas: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    starts_at: datetime | None = instant(nullable=True)
    ends_at: datetime | None = instant(nullable=True)
    received_at: datetime = instant()
    state: str = "received"
    notice_id: int | None = Field(default=None, foreign_key="intake_notice.id", sa_type=BigInteger)
