"""Table of the key periods that were declared."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.db import instant


class DeclaredPeriod(SQLModel, table=True):
    """A response (`level` 1 to 4) or a warning (`colour`) in force, both days included (重点时段).

    `last` None while nobody has said how long; ended early it lasts until the day before.
    """

    __tablename__ = "declared_period"
    __table_args__ = (
        CheckConstraint("(kind = 'response') = (level IS NOT NULL)", name="a_response_has_a_level"),
        CheckConstraint("(kind = 'warning') = (colour IS NOT NULL)", name="a_warning_has_a_colour"),
        Index("declared_period_of_county", "stream", "first"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    kind: str  # response | warning
    level: int | None = None
    colour: str | None = None
    first: date
    last: date | None = None
    reason: str
    declared_by: str
    declared_at: datetime = instant()
    ended_by: str | None = None
    ended_at: datetime | None = instant(nullable=True)
