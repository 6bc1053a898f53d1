"""Tables of the journal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSON
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class JournalHead(SQLModel, table=True):
    """The end of each stream. Its row lock makes sequence order equal commit order, without gaps."""

    __tablename__ = "journal_head"

    stream: str = Field(primary_key=True)
    seq: int = Field(default=0, sa_type=BigInteger)
    hash: bytes = Field(default=b"", sa_type=BYTEA)
    # How the next row will be chained; each row names its own. A check refuses what is no algorithm.
    algorithm: str = Field(default="sha256", sa_column_kwargs={"server_default": "sha256"})


class Journal(SQLModel, table=True):
    """What happened, once and for ever: a trigger refuses UPDATE and DELETE."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("journal_by_incident", "stream", "incident_id", "seq"),
        Index("journal_by_time", "stream", "at"),  # the duty log reads a day
        # What happened to an alarm before it had an incident belongs to the incident's story too.
        Index(
            "journal_by_alarm",
            text("(CAST(body->'alarm'->>'id' AS bigint))"),
            postgresql_where=text("type LIKE 'alarm.%'"),
        ),
    )

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    at: datetime = instant()
    type: str
    region_codes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    team_ids: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    restricted: bool
    readers: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    audience: str
    incident_id: int | None = Field(default=None, sa_type=BigInteger)
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    # json, not jsonb: the text is kept byte for byte, because the hash is taken over it.
    body: str = Field(sa_column=Column(JSON, nullable=False))
    hash: bytes = Field(sa_type=BYTEA)
    algorithm: str = Field(default="sha256", sa_column_kwargs={"server_default": "sha256"})
