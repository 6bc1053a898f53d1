"""The table of screen times."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.db import instant


class ScreenTime(SQLModel, table=True):
    """One WebSocket of an account, from when it took part until it left.

    Of what its account may see it had everything up to `from_seq` when it opened, up to `to_seq` when it was
    seen last. `closed_at` is None while it is open, and for ever when its node died: then `seen_at` says
    until when it is known to have been there.
    """

    __tablename__ = "screen_time"
    __table_args__ = (
        Index("screen_time_of_stream", "stream", "opened_at"),
        Index("screen_time_open", "stream", postgresql_where=text("closed_at IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    stream: str
    account_id: int = Field(foreign_key="account.id", sa_type=BigInteger)
    opened_at: datetime = instant()
    seen_at: datetime = instant()
    closed_at: datetime | None = instant(nullable=True)
    from_seq: int = Field(sa_type=BigInteger)
    to_seq: int = Field(sa_type=BigInteger)
