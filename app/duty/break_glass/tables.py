"""Table of sealed emergency logins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.db import instant


class BreakGlass(SQLModel, table=True):
    """One sealed sheet: opened once, for a time, by somebody who wrote down his name and why.

    At most one is sealed at a time: a new one makes the one before void.
    """

    __tablename__ = "break_glass"
    __table_args__ = (
        Index(
            "break_glass_is_sealed_once",
            "stream",
            unique=True,
            postgresql_where=text("opened_at IS NULL AND void_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    account_id: int = Field(foreign_key="account.id", sa_type=BigInteger)
    code_hash: str = Field(unique=True)
    sealed_at: datetime = instant()
    void_at: datetime | None = instant(nullable=True)
    opened_at: datetime | None = instant(nullable=True)
    opened_by: str = ""
    opened_from: str = ""
    reason: str = ""
    session_hash: str | None = Field(default=None, index=True)
    ends_at: datetime | None = instant(nullable=True)
    closed_at: datetime | None = instant(nullable=True)
    closed_by: str | None = None
