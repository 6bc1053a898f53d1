"""Tables of warnings: sources, raw messages as they came, and the chains they make."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


def _json(*, nullable: bool = False) -> Any:
    return Column(JSONB, nullable=nullable)


def _words() -> Any:
    return Column(ARRAY(Text), nullable=False)


class WarningSource(SQLModel, table=True):
    """Where warnings come from. `key` stands in its address; the secret is needed to check signatures.

    `senders` are those it may speak for, empty for all. `means`: push, poll (of `url`), folder.
    """

    __tablename__ = "warning_source"
    __table_args__ = (
        CheckConstraint("(means = 'poll') = (url <> '')", name="a_polled_source_has_an_address"),
        Index("warning_source_due", "stream", "next_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    key: str = Field(unique=True)
    name: str
    means: str  # push | poll | folder
    auth: str = "hmac"  # hmac | token, of a push
    secret: str = ""
    url: str = ""
    every_s: int = 60
    senders: list[str] = Field(default_factory=none_yet, sa_column=_words())
    etag: str = ""
    seen: list[str] = Field(
        default_factory=none_yet, sa_column=_words()
    )  # entries of its index fetched before
    next_at: datetime | None = instant(nullable=True)
    heard_at: datetime | None = instant(nullable=True)
    trouble_zh: str = ""
    trouble_en: str = ""
    made_by: str
    made_at: datetime = instant()
    revoked_at: datetime | None = instant(nullable=True)
    revoked_by: str | None = None


class WarningChain(SQLModel, table=True):
    """One warning: a chain of messages and how it stands. Its words are those of the message that counts.

    `keys` tie messages to it; `concern` are the townships ever warned, who stay told. `acks` are the desks
    that have acknowledged this `revision`. `merged_into`: a later message showed that two chains were one.
    """

    __tablename__ = "warning"
    __table_args__ = (
        Index("warning_standing", "stream", "standing", "id"),
        Index("warning_keys", "keys", postgresql_using="gin"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    keys: list[str] = Field(default_factory=none_yet, sa_column=_words())
    standing: str  # in_force | lifted | expired
    status: str
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    title: str = ""
    event_code: str = ""
    event_name: str = ""
    colour: str | None = None
    issuer: str = ""
    issued_at: datetime = instant()
    effective: datetime = instant()
    expires: datetime = instant()
    expires_assumed: bool = False
    concern: list[str] = Field(default_factory=none_yet, sa_column=_words())
    unit_names: list[str] = Field(default_factory=none_yet, sa_column=_words())
    people: int = 0
    waiting: int = 0
    revision: int = 1
    acks: list[dict[str, Any]] = Field(default_factory=none_yet, sa_column=_json())
    first_at: datetime = instant()
    changed_at: datetime = instant()
    merged_into: int | None = Field(default=None, foreign_key="warning.id", sa_type=BigInteger)


class WarningMessage(SQLModel, table=True):
    """A message as it came, byte by byte, with what was found wrong; refused ones too.

    `bulletin` and `units` are what it says and whom it concerns, None when it was not understood.
    `vouched`: None while nobody has judged a message that waits.
    """

    __tablename__ = "warning_message"
    __table_args__ = (
        Index("warning_message_once", "stream", "sha256", unique=True),
        Index("warning_message_of_chain", "warning_id"),
        Index("warning_message_latest", "stream", "id"),
        Index("warning_message_identity", "stream", "identifier"),
        Index("warning_message_of_source", "source_id", "received_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    source_id: int | None = Field(default=None, foreign_key="warning_source.id", sa_type=BigInteger)
    source_name: str
    means: str  # push | poll | folder | file | form
    format: str  # cap | cn12379 | form | unknown
    sha256: str
    size: int
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # read by nobody but who downloads it
    findings: list[dict[str, Any]] = Field(default_factory=none_yet, sa_column=_json())
    outcome: str  # taken | doubtful | copy | refused
    identifier: str = ""
    sender: str = ""
    bulletin: dict[str, Any] | None = Field(default=None, sa_column=_json(nullable=True))
    units: dict[str, Any] | None = Field(default=None, sa_column=_json(nullable=True))
    warning_id: int | None = Field(default=None, foreign_key="warning.id", sa_type=BigInteger)
    vouched: bool | None = None
    vouched_by: str = ""
    vouched_at: datetime | None = instant(nullable=True)
    vouch_reason: str = ""
    received_at: datetime = instant()
    entered_by: str = ""
