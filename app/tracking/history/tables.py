"""What left the history."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.db import instant


class TrackDeparture(SQLModel, table=True):
    """Days of positions that were written to a file, dropped from the database, or both, in this order."""

    __tablename__ = "track_departure"
    # One file at a time is the archive of a table that is still there.
    __table_args__ = (
        Index("track_departure_ahead", "part", unique=True, postgresql_where=text("dropped_at IS NULL")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    part: str
    first: date
    until: date
    rows: int = Field(sa_type=BigInteger)
    file: str | None = None
    size: int | None = Field(default=None, sa_type=BigInteger)
    sha256: str | None = None
    archived_at: datetime | None = instant(nullable=True)
    dropped_at: datetime | None = instant(nullable=True)
