"""Table of wishes: days a person wants, or would rather not have."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from app.db import instant


class DutyWish(SQLModel, table=True):
    """A wish of a person for one date of duty; one a date. `weight` 1 to 10."""

    __tablename__ = "duty_wish"
    __table_args__ = (CheckConstraint("weight BETWEEN 1 AND 10", name="duty_wish_weight_is_sane"),)

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=BigInteger)
    day: date = Field(primary_key=True)
    kind: str  # want | avoid
    weight: int = 3
    note: str = ""
    told_by: str = ""
    told_at: datetime = instant()
