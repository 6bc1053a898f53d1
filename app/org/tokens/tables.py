"""Table of API tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class ApiToken(SQLModel, table=True):
    """A program that may ask: an account of its own, with some rights of its maker, as long as he has them.

    The token is a session of that account (`login_session`), kept as a hash only; `prefix` names it.
    """

    __tablename__ = "api_token"

    account_id: int = Field(
        primary_key=True,
        foreign_key="account.id",
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    maker_id: int = Field(foreign_key="account.id", sa_type=BigInteger, index=True)
    prefix: str
    purpose: str
    scopes: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    per_minute: int
    made_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)
    used_from: str = ""
    revoked_at: datetime | None = instant(nullable=True)
    revoked_by: str | None = None
