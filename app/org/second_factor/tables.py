"""The table of second factors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class SecondFactor(SQLModel, table=True):
    """What an account proves beside its password. It counts from `confirmed_at`, its first right code.

    `last_step` is the step of the last code: none counts twice. `paper` are hashes, each gone once used.
    """

    __tablename__ = "second_factor"

    account_id: int = Field(primary_key=True, foreign_key="account.id", sa_type=BigInteger)
    secret: bytes = Field(sa_type=BYTEA)
    begun_at: datetime = instant()
    confirmed_at: datetime | None = instant(nullable=True)
    last_step: int = Field(default=0, sa_type=BigInteger)
    paper: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
