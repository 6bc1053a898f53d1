"""Tables of figures: what was told, and which telling was chosen as official. Nothing is ever changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.db import instant


class IncidentFigure(SQLModel, table=True):
    """One telling of one figure: conflicting ones stand side by side."""

    __tablename__ = "incident_figure"
    __table_args__ = (CheckConstraint("value >= 0", name="incident_figure_is_no_debt"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger, index=True)
    kind: str
    value: float
    source: str
    channel: str
    note: str = ""
    happened_at: datetime | None = instant(nullable=True)
    told_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str
    account_id: int = Field(foreign_key="account.id", sa_type=BigInteger)


class FigureChoice(SQLModel, table=True):
    """Somebody chose a figure as official; the last choice of a kind holds.

    No figure: it is being verified.
    """

    __tablename__ = "figure_choice"
    __table_args__ = (Index("figure_choice_latest", "incident_id", "kind", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger)
    kind: str
    figure_id: int | None = Field(default=None, foreign_key="incident_figure.id", sa_type=BigInteger)
    reason: str = ""
    chosen_by: str
    account_id: int = Field(foreign_key="account.id", sa_type=BigInteger)
    chosen_at: datetime = instant()
