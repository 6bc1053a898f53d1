"""The county's own days."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from app.db import instant


class CountyDay(SQLModel, table=True):
    """A day the county settles otherwise than the notice of the State Council, and by whose word."""

    __tablename__ = "county_day"

    stream: str = Field(primary_key=True)
    on: date = Field(primary_key=True)
    kind: str  # statutory_holiday | makeup_workday | workday | weekend
    name_zh: str
    name_en: str
    reason: str
    set_by: str
    set_at: datetime = instant()
