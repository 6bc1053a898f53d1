"""Table of calendar feeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from app.db import instant


class CalendarFeed(SQLModel, table=True):
    """An address by which a calendar program reads what this account may see, until it is revoked.

    `post_id` names the post whose roster is read; without one it is the account's own shifts. Of the secret
    in the address only the hash is stored.
    """

    __tablename__ = "calendar_feed"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    account_id: int = Field(foreign_key="account.id", sa_type=BigInteger, index=True)
    post_id: int | None = Field(default=None, foreign_key="duty_post.id", sa_type=BigInteger)
    token_hash: str = Field(unique=True)
    made_at: datetime = instant()
    revoked_at: datetime | None = instant(nullable=True)
