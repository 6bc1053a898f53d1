"""Tables of releases: sectors, readings, and what it takes to lift."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class ReleaseSector(SQLModel, table=True):
    """A downwind sector as it was drawn for an incident; a later one takes its place, none is altered."""

    __tablename__ = "release_sector"
    __table_args__ = (
        CheckConstraint("isolate_m <= evacuate_m AND evacuate_m <= protect_m", name="distances_grow"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger, index=True)
    substance: str
    size: str  # small | large
    basis: str  # whose distances these are
    lon: float
    lat: float
    wind_from_deg: float
    wind_mps: float
    isolate_m: int
    evacuate_m: int
    protect_m: int
    ring: list[Any] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
    places: list[Any] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
    area_id: int | None = Field(default=None, sa_type=BigInteger)  # the named area on the map
    drawn_by: str
    drawn_at: datetime = instant()


class ReleaseReading(SQLModel, table=True):
    """A measured value (监测值): where, what, how much, when, who says so. `normal_to` is its limit."""

    __tablename__ = "release_reading"
    __table_args__ = (Index("release_reading_of_incident", "incident_id", "measured_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger)
    point: str
    substance: str
    value: float
    unit: str
    normal_to: float
    measured_at: datetime = instant()
    source: str
    entered_by: str
    entered_at: datetime = instant()


class ReleaseLifting(SQLModel, table=True):
    """It was proposed to lift (解除): `lifted_at` when it was, over whose silence or objection and why."""

    __tablename__ = "release_lifting"
    __table_args__ = (
        Index(
            "one_open_lifting_of_an_incident",
            "incident_id",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
        ),
        CheckConstraint("commander = '' OR reason <> ''", name="who_overrules_says_why"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger, index=True)
    proposed_by: str
    proposed_at: datetime = instant()
    words: str
    lifted_by: str | None = None
    lifted_at: datetime | None = instant(nullable=True)
    commander: str = ""
    reason: str = ""


class ReleaseSignature(SQLModel, table=True):
    """A department that is asked to sign that it may be lifted (会签): it signs, or objects with a reason."""

    __tablename__ = "release_signature"
    __table_args__ = (
        UniqueConstraint("lifting_id", "unit_id", name="a_department_signs_once"),
        CheckConstraint("verdict IS DISTINCT FROM 'objected' OR words <> ''", name="who_objects_says_why"),
        CheckConstraint("(verdict IS NULL) = (signed_at IS NULL)", name="a_verdict_has_its_time"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    lifting_id: int = Field(foreign_key="release_lifting.id", sa_type=BigInteger)
    unit_id: int = Field(foreign_key="org_unit.id", sa_type=BigInteger)
    verdict: str | None = None
    name: str = ""
    words: str = ""
    told_by: str | None = None
    signed_at: datetime | None = instant(nullable=True)
