"""The table of contacts in maintenance."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.db import instant


class ContactMaintenance(SQLModel, table=True):
    """A channel of the county, or a team, in maintenance from an instant until another, or ended before.

    One at a time of each. It always has an end: one that is forgotten would keep orders from a team.
    """

    __tablename__ = "contact_maintenance"
    __table_args__ = (
        CheckConstraint("num_nonnulls(channel, team_id) = 1", name="maintenance_is_of_one"),
        CheckConstraint("until > begun_at", name="maintenance_has_a_length"),
        Index(
            "one_maintenance_per_channel",
            "stream",
            "channel",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("one_maintenance_per_team", "team_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    channel: str | None = None
    team_id: int | None = Field(default=None, foreign_key="team.id", sa_type=BigInteger)
    reason: str
    begun_by: str
    begun_at: datetime = instant()
    until: datetime = instant()
    ended_by: str | None = None
    ended_at: datetime | None = instant(nullable=True)
