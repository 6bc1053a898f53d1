"""Tables of emergency broadcast: platforms, terminals, messages, who is meant, what was played, what leaves.

Codes are those of GD/J 080 to 083-2018 (docs/broadcast.md). An EBRID has 23 digits, an EBMID 35.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant


class BroadcastPeer(SQLModel, table=True):
    """A broadcast platform (应急广播平台) messages are handed to; how it is reached is the wire's own table.

    `region_code` is all that it serves. Only a peer marked with `drills` is ever given a drill.
    """

    __tablename__ = "broadcast_peer"
    __table_args__ = (
        UniqueConstraint("stream", "resource_code", name="broadcast_peer_once"),
        CheckConstraint("resource_code ~ '^[1-6][0-9]{22}$'", name="broadcast_peer_has_an_ebrid"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    name: str
    resource_code: str
    region_code: str = Field(foreign_key="region.code")
    drills: bool = False
    active: bool = True


class BroadcastTerminal(SQLModel, table=True):
    """A loudspeaker terminal (大喇叭终端) of a village; `state` is what its platform last said of it.

    `return_capable`: it reports what it played. `real`: not a simulated one. `drills`: it may sound in a
    drill. `region_code` is its village, or the township of a terminal that stands at a station.
    """

    __tablename__ = "broadcast_terminal"
    __table_args__ = (
        UniqueConstraint("resource_code", name="broadcast_terminal_once"),
        CheckConstraint("resource_code ~ '^[1-6][0-9]{22}$'", name="broadcast_terminal_has_an_ebrid"),
        CheckConstraint(
            "state IN ('running', 'stopped', 'fault', 'recovered', 'broadcasting', 'unknown')",
            name="broadcast_terminal_state_is_known",
        ),
        Index("broadcast_terminal_of_region", "stream", "region_code"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    resource_code: str
    name: str
    region_code: str = Field(foreign_key="region.code")
    lon: float | None = None
    lat: float | None = None
    kind: str = "loudspeaker"  # loudspeaker | column (音柱) | indoor | mobile | station
    peer_id: int | None = Field(default=None, foreign_key="broadcast_peer.id", sa_type=BigInteger, index=True)
    state: str = "unknown"
    state_words: str = ""
    state_at: datetime | None = instant(nullable=True)
    return_capable: bool = False
    real: bool = True
    drills: bool = False


class BroadcastMessage(SQLModel, table=True):
    """A broadcast sheet (应急广播播发单): what is played where and when, who wrote it and who let it go.

    `msg_type` is that of GD/J 082 (`codecs.ebm.message.MsgType`), `severity` 0 to 4 with 0 the LOWEST. A
    cancel is a row of its own with `cancels_id`. `drill` is decided once, when the row is made: the database
    refuses that it, or a cause that is not actual, becomes MsgType 1. `region_code` is the desk whose it is.
    `press` is the author's key of the press that made it: the same press is the same row.
    """

    __tablename__ = "broadcast_message"
    __table_args__ = (
        UniqueConstraint("ebmid", name="an_ebmid_is_given_once"),
        UniqueConstraint("stream", "author_id", "press", name="a_press_is_one_broadcast"),
        CheckConstraint("msg_type BETWEEN 1 AND 5", name="broadcast_msg_type_is_known"),
        CheckConstraint("severity BETWEEN 0 AND 4", name="broadcast_severity_is_known"),
        CheckConstraint("end_at > start_at", name="broadcast_ends_after_its_start"),
        CheckConstraint(
            "msg_type = 2 OR (msg_type = 1 AND NOT drill AND cause_status = 'actual') "
            "OR (msg_type IN (3, 4, 5) AND drill)",
            name="a_drill_is_never_broadcast_as_real",
        ),
        CheckConstraint("NOT drill OR text LIKE '【演练】%'", name="a_drill_says_that_it_is_one"),
        CheckConstraint("(msg_type = 2) = (cancels_id IS NOT NULL)", name="a_cancel_names_what_it_cancels"),
        CheckConstraint(
            "approver_id IS NULL OR approver_id <> author_id OR msg_type = 2",
            name="nobody_approves_his_own_broadcast",
        ),
        CheckConstraint(
            "countersigner_id IS NULL OR countersigner_id <> author_id",
            name="nobody_signs_for_his_own_broadcast",
        ),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'issued', 'playing', 'finished', "
            "'stopped', 'expired', 'dropped')",
            name="broadcast_state_is_known",
        ),
        CheckConstraint(
            "(ebmid IS NULL) = (issued_at IS NULL) AND (ebmid IS NULL OR ebmid ~ '^[1-6][0-9]{34}$')",
            name="what_is_issued_has_an_ebmid",
        ),
        Index("one_cancel_of_a_broadcast", "cancels_id", unique=True),
        Index("broadcast_message_by_state", "stream", "state", "start_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")
    ebmid: str | None = None
    msg_type: int
    drill: bool = False
    event_type: str
    severity: int
    sender: str  # SenderName: the command centre or the desk that speaks
    sender_code: str  # its EBRID
    sender_level: int = 4  # 1 state … 6 village
    urgent: bool = True  # emergency; False: daily
    title: str
    text: str
    language: str = "zho"
    more_texts: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False, server_default="[]"))
    voice_id: int | None = Field(default=None, foreign_key="broadcast_file.id", sa_type=BigInteger)
    template: str = ""
    start_at: datetime = instant()
    end_at: datetime = instant()
    repeats: int = 3
    interval_s: int = 60
    state: str = "draft"
    revision: int = 1
    scope_words: str = ""  # what was chosen, in words
    scope: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    channels: list[str] = Field(
        default_factory=lambda: ["loudspeaker"], sa_column=Column(ARRAY(Text), nullable=False)
    )
    cancels_id: int | None = Field(default=None, foreign_key="broadcast_message.id", sa_type=BigInteger)
    replaces_id: int | None = Field(default=None, foreign_key="broadcast_message.id", sa_type=BigInteger)
    cause_kind: str = ""  # warning | incident | response | ""
    cause_id: int | None = Field(default=None, sa_type=BigInteger)
    cause_words: str = ""
    cause_status: str = "actual"  # actual | exercise | test | system | draft
    press: str
    author_id: int = Field(sa_type=BigInteger)
    author: str
    drafted_at: datetime = instant()
    submitted_at: datetime | None = instant(nullable=True)
    returned_by: str = ""
    returned_at: datetime | None = instant(nullable=True)
    remarks: str = ""
    approved_as: str = ""  # approval | oral_consent | stop
    approver_id: int | None = Field(default=None, sa_type=BigInteger)
    approver: str = ""
    approved_at: datetime | None = instant(nullable=True)
    consent_of: str = ""
    consent_phone: str = ""
    consent_at: datetime | None = instant(nullable=True)
    consent_words: str = ""
    countersigner_id: int | None = Field(default=None, sa_type=BigInteger)
    countersigner: str = ""
    countersigned_at: datetime | None = instant(nullable=True)
    reask_at: datetime | None = instant(nullable=True)  # the timer of the signature that is still owed
    asked: int = 0
    issued_at: datetime | None = instant(nullable=True)
    started_at: datetime | None = instant(nullable=True)
    finished_at: datetime | None = instant(nullable=True)
    stopped_by: str = ""
    stopped_at: datetime | None = instant(nullable=True)
    stop_reason: str = ""
    check_before: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, server_default="{}"))


class BroadcastTarget(SQLModel, table=True):
    """A village (or place without villages) that a message is for; counts are those when it was issued."""

    __tablename__ = "broadcast_target"
    __table_args__ = (Index("broadcast_target_of_region", "region_code"),)

    message_id: int = Field(foreign_key="broadcast_message.id", primary_key=True, sa_type=BigInteger)
    region_code: str = Field(foreign_key="region.code", primary_key=True)
    terminals: int = 0
    live: int = 0
    reached_at: datetime | None = instant(nullable=True)


class BroadcastResult(SQLModel, table=True):
    """What a terminal made of a message (BrdStateCode): 0 not handled, 1 waits, 2 plays, 3 success, 4 failed,
    5 cancelled. The latest report counts; `source` is who said so (platform, terminal, person).
    """

    __tablename__ = "broadcast_result"
    __table_args__ = (
        CheckConstraint("state BETWEEN 0 AND 5", name="broadcast_result_state_is_known"),
        Index("broadcast_result_of_terminal", "terminal_id"),
    )

    message_id: int = Field(foreign_key="broadcast_message.id", primary_key=True, sa_type=BigInteger)
    terminal_id: int = Field(foreign_key="broadcast_terminal.id", primary_key=True, sa_type=BigInteger)
    state: int = 0
    words: str = ""
    started_at: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)
    plays: int = 0
    reported_at: datetime | None = instant(nullable=True)
    source: str = ""


class BroadcastHandover(SQLModel, table=True):
    """The outbox: one message on its way to one peer, written in the transaction that issues it.

    `payload` holds the facts an EBM is made of (`app.broadcast.ports.Payload`). `play_state` is the
    BrdStateCode the peer last said of the whole message.
    """

    __tablename__ = "broadcast_handover"
    __table_args__ = (
        UniqueConstraint("message_id", "peer_id", name="a_message_is_handed_over_once"),
        CheckConstraint(
            "state IN ('waiting', 'sent', 'receipted', 'refused', 'failed', 'withdrawn')",
            name="broadcast_handover_state_is_known",
        ),
        Index("broadcast_handover_due", "stream", "next_at", postgresql_where=text("state = 'waiting'")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    message_id: int = Field(foreign_key="broadcast_message.id", sa_type=BigInteger)
    peer_id: int = Field(foreign_key="broadcast_peer.id", sa_type=BigInteger)
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    state: str = "waiting"
    queued_at: datetime = instant()
    attempts: int = 0
    tried_at: datetime | None = instant(nullable=True)
    next_at: datetime | None = instant(nullable=True)
    give_up_at: datetime | None = instant(nullable=True)
    receipt_at: datetime | None = instant(nullable=True)
    words: str = ""
    play_state: int | None = None
    play_words: str = ""
    play_at: datetime | None = instant(nullable=True)
