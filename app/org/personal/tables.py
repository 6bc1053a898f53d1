"""The table of readings of personal data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, DateTime
from sqlmodel import Field, SQLModel


class PersonalReading(SQLModel, table=True):
    """Somebody opened a list in a quarter of an hour, on whatever node: the journal says it once."""

    __tablename__ = "personal_reading"

    account_id: int = Field(primary_key=True, sa_type=BigInteger, foreign_key="account.id")
    source: str = Field(primary_key=True)
    since: datetime = Field(primary_key=True, sa_type=DateTime(timezone=True))
