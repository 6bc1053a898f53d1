"""Tables of presence: attendance, calls to leaders, gaps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.db import instant


class Attendance(SQLModel, table=True):
    """One person at one post from coming to going (到岗/离岗). Nobody is at two posts at once.

    `means`: desk (at the console), phone (with a position), typed (somebody else wrote it down).
    `overtime_min` is the time after the planned end, while waiting for relief.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint("left_at IS NULL OR left_at >= arrived_at", name="attendance_ends_after_it_began"),
        Index("one_open_attendance", "person_id", unique=True, postgresql_where=text("left_at IS NULL")),
        Index("attendance_of_shift", "shift_id"),
        Index("attendance_of_post", "post_id", "arrived_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    post_id: int = Field(foreign_key="duty_post.id", sa_type=BigInteger)
    seat_id: int = Field(foreign_key="duty_seat.id", sa_type=BigInteger)
    shift_id: int = Field(foreign_key="shift.id", sa_type=BigInteger)
    person_id: int = Field(foreign_key="person.id", sa_type=BigInteger)
    arrived_at: datetime = instant()
    means: str
    lon: float | None = None
    lat: float | None = None
    away_m: float | None = None
    late_min: int = 0
    last_seen_at: datetime = instant()
    prompted_at: datetime | None = instant(nullable=True)
    left_at: datetime | None = instant(nullable=True)
    before_relief: bool = False
    overtime_min: int = 0
    note: str = ""
    noted_by: str = ""


class LeaderCall(SQLModel, table=True):
    """A call to the leader in charge (带班领导): reached or not. Three in vain, and a deputy acts."""

    __tablename__ = "leader_call"
    __table_args__ = (Index("leader_call_of_shift", "shift_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    post_id: int = Field(foreign_key="duty_post.id", sa_type=BigInteger)
    shift_id: int = Field(foreign_key="shift.id", sa_type=BigInteger)
    person_id: int = Field(foreign_key="person.id", sa_type=BigInteger)
    called_at: datetime = instant()
    answered: bool
    note: str = ""
    noted_by: str = ""


class CoverageGap(SQLModel, table=True):
    """A time in which a seat is not filled (漏岗). It is closed, never deleted.

    `kind`: unplanned (the roster has nobody), not_arrived (who is planned has not come), left (went away).
    `stage` grows: day_ahead, two_hours, open. `minutes` counts the time it was open.
    """

    __tablename__ = "coverage_gap"
    __table_args__ = (
        UniqueConstraint("seat_id", "kind", "starts_at", "person_id", name="a_gap_is_told_once"),
        Index("coverage_gap_open", "stream", postgresql_where=text("filled_at IS NULL")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    post_id: int = Field(foreign_key="duty_post.id", sa_type=BigInteger)
    seat_id: int = Field(foreign_key="duty_seat.id", sa_type=BigInteger)
    person_id: int = 0  # who has not come or has gone; 0 where nobody was planned
    kind: str
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    missing: int = 1
    stage: str
    noticed_at: datetime = instant()
    filled_at: datetime | None = instant(nullable=True)
    minutes: int = 0
