"""The table of teams from outside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.db import instant


class OutsideTeam(SQLModel, table=True):
    """A team of others that helps (外援队伍): from where, led by whom, how many came, until when.

    `team_id` is its entry among the teams (kind `outside`), by which it is sent like one of ours; it can be
    sent from its arrival to its release. `equipment` are its boats and pumps in words.
    """

    __tablename__ = "outside_team"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('arrived', 'released')) = (arrived_at IS NOT NULL)", name="who_is_here_came"
        ),
        CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name="who_left_was_released"),
        CheckConstraint("released_at >= arrived_at", name="nobody_leaves_before_he_came"),
        Index("outside_team_by_arrival", "stream", "arrived_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    team_id: int = Field(foreign_key="team.id", sa_type=BigInteger, unique=True)
    origin: str
    partner_id: int | None = Field(default=None, foreign_key="mutual_aid_partner.id", sa_type=BigInteger)
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger, index=True)
    leader_name: str
    leader_phone: str
    strength: int
    equipment: str = ""
    state: str = "announced"
    expected_at: datetime | None = instant(nullable=True)
    arrived_at: datetime | None = instant(nullable=True)
    people: int = 0  # who came
    released_at: datetime | None = instant(nullable=True)
    words: str = ""  # of the last step
    revision: int = 1
    entered_by: str
    entered_at: datetime = instant()
    changed_by: str
    changed_at: datetime = instant()
