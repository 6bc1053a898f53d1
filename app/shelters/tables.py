"""Tables of shelters and evacuation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class Shelter(SQLModel, table=True):
    """A shelter (避难场所) or refuge point (安置点): class of GB 21734, grade and type of GB/T 44013."""

    __tablename__ = "shelter"
    __table_args__ = (
        UniqueConstraint("stream", "name_zh", name="shelter_name_once"),
        CheckConstraint("level IN ('city', 'township', 'village')", name="shelter_level_is_known"),
        CheckConstraint("legacy_class IN ('', 'I', 'II', 'III')", name="shelter_class_is_known"),
        CheckConstraint("capacity > 0", name="shelter_takes_somebody"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    level: str
    legacy_class: str = ""
    grade: str
    duration: str
    space: str
    function: str
    specific: str = ""
    name_zh: str
    name_en: str = ""
    region_code: str = Field(foreign_key="region.code")
    place: str = ""
    capacity: int
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    facilities: list[Any] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
    opener: str = ""
    opener_phone: str = ""
    maintainer: str = ""
    inspected_on: date | None = None
    lon: float
    lat: float
    elevation_m: float | None = None


class ShelterOpening(SQLModel, table=True):
    """A shelter was opened, and later closed. `warned_at`: that it is nearly full was told.

    `incident_id` stands a floor above and therefore has no foreign key; `restricted` and
    `readers` are that incident's, who may know it.
    """

    __tablename__ = "shelter_opening"
    __table_args__ = (
        Index(
            "shelter_is_open_once",
            "shelter_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    shelter_id: int = Field(foreign_key="shelter.id", sa_type=BigInteger, index=True)
    incident_id: int | None = Field(default=None, sa_type=BigInteger)
    incident_number: str = ""
    restricted: bool = False
    readers: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    reason: str
    opened_at: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str
    channel: str = ""
    voucher: str = ""
    warned_at: datetime | None = instant(nullable=True)
    closed_at: datetime | None = instant(nullable=True)
    closed_told_at: datetime | None = instant(nullable=True)
    closed_entered_at: datetime | None = instant(nullable=True)
    closed_by: str = ""
    close_reason: str = ""


class ShelterCount(SQLModel, table=True):
    """How many persons were counted in an open shelter; never changed."""

    __tablename__ = "shelter_count"
    __table_args__ = (Index("shelter_count_of_opening", "opening_id", "counted_at", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    opening_id: int = Field(foreign_key="shelter_opening.id", sa_type=BigInteger)
    heads: int
    counted_at: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str
    channel: str = ""
    voucher: str = ""


class VillageShelter(SQLModel, table=True):
    """Who goes where: the shelter of a village, and the one that is taken when it cannot be."""

    __tablename__ = "village_shelter"

    stream: str = Field(primary_key=True)
    village_code: str = Field(primary_key=True, foreign_key="region.code")
    shelter_id: int = Field(foreign_key="shelter.id", sa_type=BigInteger)
    alternative_id: int | None = Field(default=None, foreign_key="shelter.id", sa_type=BigInteger)


class EvacuationResident(SQLModel, table=True):
    """Somebody whom an evacuation of the village concerns: the household by its head, what help is needed."""

    __tablename__ = "evacuation_resident"
    __table_args__ = (
        UniqueConstraint(
            "stream", "village_code", "household", "name", name="evacuation_resident_once_a_household"
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    village_code: str = Field(foreign_key="region.code")
    household: str
    name: str
    phone: str = ""
    needs: str = ""


class Evacuation(SQLModel, table=True):
    """An evacuation was ordered for villages; `incident_id`, `restricted`, `readers` as of an opening."""

    __tablename__ = "evacuation"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    incident_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    incident_number: str = ""
    restricted: bool = False
    readers: list[str] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    reason: str
    deadline: datetime | None = instant(nullable=True)
    ordered_at: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()
    entered_by: str
    channel: str = ""
    voucher: str = ""
    ended_at: datetime | None = instant(nullable=True)
    ended_by: str = ""
    end_reason: str = ""


class EvacuationVillage(SQLModel, table=True):
    """A village of an evacuation, with where its people were to go when it was ordered."""

    __tablename__ = "evacuation_village"

    evacuation_id: int = Field(foreign_key="evacuation.id", primary_key=True, sa_type=BigInteger)
    village_code: str = Field(foreign_key="region.code", primary_key=True)
    shelter_id: int | None = Field(default=None, foreign_key="shelter.id", sa_type=BigInteger)
    alternative_id: int | None = Field(default=None, foreign_key="shelter.id", sa_type=BigInteger)


class Evacuee(SQLModel, table=True):
    """Somebody on an evacuation list: waiting, moved or refused, and later home or missing.

    `happened_at`, `told_at`, `entered_at` are those of the last state; `back_…` those of the return.
    """

    __tablename__ = "evacuee"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'moved', 'refused')", name="evacuee_state_is_known"),
        CheckConstraint("back IN ('', 'home', 'missing')", name="evacuee_return_is_known"),
        CheckConstraint("back = '' OR state = 'moved'", name="evacuee_returns_who_was_moved"),
        CheckConstraint(
            "state <> 'refused' OR (reason <> '' AND witness <> '')", name="evacuee_refusal_has_evidence"
        ),
        Index("evacuee_of_village", "evacuation_id", "village_code"),
        Index("evacuee_in_opening", "opening_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    evacuation_id: int = Field(foreign_key="evacuation.id", sa_type=BigInteger)
    village_code: str = Field(foreign_key="region.code")
    household: str
    name: str
    phone: str = ""
    needs: str = ""
    state: str = "waiting"
    opening_id: int | None = Field(default=None, foreign_key="shelter_opening.id", sa_type=BigInteger)
    means: str = ""
    reason: str = ""
    witness: str = ""
    attachment: str = ""
    happened_at: datetime | None = instant(nullable=True)
    told_at: datetime | None = instant(nullable=True)
    entered_at: datetime | None = instant(nullable=True)
    entered_by: str = ""
    channel: str = ""
    voucher: str = ""
    back: str = ""
    back_note: str = ""
    back_at: datetime | None = instant(nullable=True)
    back_told_at: datetime | None = instant(nullable=True)
    back_entered_at: datetime | None = instant(nullable=True)
    back_entered_by: str = ""
