"""Tables of the telemetry lane."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from app.db import instant


class Position(SQLModel, table=True):
    """Where each device is now: latest wins, by the time the position was true."""

    __tablename__ = "position"
    # Updated in place, many times a minute: half of each page is free for it, and no index may hold a column
    # that an update changes (PostgreSQL would write every index anew, and the row into another page).
    __table_args__ = (
        Index("position_of_team", "team_id"),
        {"postgresql_with": {"fillfactor": "50"}},
    )

    device_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    stream: str
    team_id: int | None = Field(default=None, sa_type=BigInteger)
    region_code: str
    lon: float
    lat: float
    speed_mps: float | None = None
    course_deg: float | None = None
    fixed_at: datetime | None = instant(nullable=True)
    true_at: datetime = instant()  # fixed_at when the device's clock is believable, else heard_at
    heard_at: datetime = instant()


class Track(SQLModel, table=True):
    """Where each device went. One row for one instant of one device, however often it is repeated.

    A table for each day (app/tracking/history); rows of no day that has one go into `track_other`.
    """

    __tablename__ = "track"
    __table_args__ = ({"postgresql_partition_by": "RANGE (true_at)"},)

    device_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    true_at: datetime = Field(primary_key=True, sa_type=instant().sa_type)
    lon: float
    lat: float
    altitude_m: float | None = None
    speed_mps: float | None = None
    course_deg: float | None = None
    fixed_at: datetime | None = instant(nullable=True)
    heard_at: datetime = instant()
