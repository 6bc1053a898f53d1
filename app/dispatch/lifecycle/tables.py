"""Table of what ties incidents to each other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db import instant


class IncidentLink(SQLModel, table=True):
    """One tie: `kind` merged (from went into to), split (from came out of to), child (of to), related,
    distinct (looked alike and is not the same).

    A tie that was wrong is undone and stays. `moved` are the rows a merge re-pointed, by table; `before`
    what both incidents said of themselves until then: an undo needs both.
    """

    __tablename__ = "incident_link"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="incident_link_joins_two"),
        Index(
            "one_tie_of_a_kind_between_two_incidents",
            "kind",
            "from_id",
            "to_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index(
            "one_parent_of_an_incident",
            "from_id",
            unique=True,
            postgresql_where=text("kind = 'child' AND undone_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    kind: str
    from_id: int = Field(foreign_key="incident.id", sa_type=BigInteger, index=True)
    to_id: int = Field(foreign_key="incident.id", sa_type=BigInteger, index=True)
    reason: str
    made_by: str
    made_at: datetime = instant()
    undone_by: str | None = None
    undone_at: datetime | None = instant(nullable=True)
    undone_reason: str | None = None
    moved: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
