"""Tables of the forces: where teams are stationed away from home, and who helps from outside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class ForwardDeployment(SQLModel, table=True):
    """A team stands by away from home (靠前驻防, A4.3), or moved up to a township that was left bare.

    One at a time; an ended one stays as history. `ends_at` is when it should be back, `ended_at` when it was.
    """

    __tablename__ = "forward_deployment"
    __table_args__ = (
        Index(
            "one_forward_deployment_per_team",
            "team_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="forward_deployment_has_a_length"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    team_id: int = Field(foreign_key="team.id", sa_type=BigInteger)
    kind: str  # forward | move_up
    region_code: str = Field(foreign_key="region.code")
    place: str = ""
    lon: float
    lat: float
    reason: str
    starts_at: datetime = instant()
    ends_at: datetime | None = instant(nullable=True)
    ordered_by: str
    ordered_at: datetime = instant()
    ended_by: str | None = None
    ended_at: datetime | None = instant(nullable=True)


class MutualAidPartner(SQLModel, table=True):
    """A neighbouring county, the superior, the military: who is asked when the county has no more (增援)."""

    __tablename__ = "mutual_aid_partner"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str = Field(index=True)
    kind: str  # neighbour | superior | military | other
    name_zh: str
    name_en: str
    phone: str
    lon: float | None = None
    lat: float | None = None
    capabilities: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    note: str = ""
    active: bool = True
