"""Table of wall screens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from app.db import instant


class WallScreen(SQLModel, table=True):
    """A display without anybody before it: an account of its own, and the hash of the token that opens it."""

    __tablename__ = "wall_screen"

    account_id: int = Field(
        primary_key=True,
        foreign_key="account.id",
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    token_hash: str = Field(unique=True)
    made_by: str
    made_at: datetime = instant()
    opened_at: datetime | None = instant(nullable=True)
    revoked_at: datetime | None = instant(nullable=True)
    revoked_by: str | None = None
