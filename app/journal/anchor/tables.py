"""The table of anchors."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import BYTEA
from sqlmodel import Field, SQLModel

from app.db import instant


class JournalAnchor(SQLModel, table=True):
    """The end of a stream on the morning after a day, once and for ever: a trigger refuses any change."""

    __tablename__ = "journal_anchor"

    stream: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    hash: bytes = Field(sa_type=BYTEA)
    made_at: datetime = instant()
    public_key: bytes = Field(default=b"", sa_type=BYTEA)
    signature: bytes = Field(default=b"", sa_type=BYTEA)
    algorithm: str = Field(default="sha256", sa_column_kwargs={"server_default": "sha256"})
    signed_by: str = Field(default="sm2", sa_column_kwargs={"server_default": "sm2"})
