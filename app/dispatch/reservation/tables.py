"""Table of reservations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.db import instant


class Reservation(SQLModel, table=True):
    """A team promised to an incident from an instant on. Until then the team is free for anything else.

    `state`: reserved, blocked (its time came and the team is out), committed, cancelled, lapsed (the
    incident was closed). `look_at` is the timer; `account_id` in whose name the order goes out.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        Index(
            "one_open_reservation_of_a_team_for_an_incident",
            "team_id",
            "incident_id",
            unique=True,
            postgresql_where=text("state IN ('reserved', 'blocked')"),
        ),
        Index("reservation_look", "look_at", postgresql_where=text("look_at IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger, index=True)
    team_id: int = Field(foreign_key="team.id", sa_type=BigInteger)
    state: str = "reserved"
    starts_at: datetime = instant()
    look_at: datetime | None = instant(nullable=True)
    text: str = ""
    account_id: int = Field(foreign_key="account.id", sa_type=BigInteger)
    reserved_by: str
    reserved_at: datetime = instant()
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id", sa_type=BigInteger)
    ended_by: str | None = None
    ended_at: datetime | None = instant(nullable=True)
    reason: str = ""
