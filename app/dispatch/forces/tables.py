"""Tables of the register of forces: equipment with its readiness, experts, and when they were called in.

Teams stand in `app/org/tables.py`. `revision` counts every change of a row, so that nobody overwrites what
he has not read; `changed_by` and `changed_at` say whose change that was.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class Equipment(SQLModel, table=True):
    """A piece of equipment (装备), kept by a team or by a unit; vehicles and boats are such pieces too.

    `number` is on the piece and known once in the county among what is in use. `plate` is the number plate
    or hull number, `load_kg` what it carries, `licence_due` when its licence or the driver's runs out.
    `operator_ids` are the people trained on it (操作员、驾驶员). Nothing is deleted: `active` goes.
    """

    __tablename__ = "equipment"
    __table_args__ = (
        CheckConstraint("num_nonnulls(team_id, unit_id) = 1", name="equipment_has_one_keeper"),
        CheckConstraint(
            "readiness IN ('ready', 'limited', 'in_repair', 'missing')", name="equipment_readiness_is_known"
        ),
        Index("equipment_number_once", "stream", "number", unique=True, postgresql_where=text("active")),
        Index("equipment_of_team", "team_id", postgresql_where=text("active")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    kind: str
    name: str
    number: str
    team_id: int | None = Field(default=None, foreign_key="team.id", sa_type=BigInteger)
    unit_id: int | None = Field(default=None, foreign_key="org_unit.id", sa_type=BigInteger)
    operator_ids: list[int] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(BigInteger), nullable=False, server_default="{}")
    )
    plate: str = ""
    seats: int | None = None
    load_kg: int | None = None
    fuel: str = ""
    licence_due: date | None = None
    readiness: str = "ready"
    ready_since: datetime = instant()
    reason: str = ""
    inspection_due: date | None = None
    note: str = ""
    active: bool = True
    revision: int = 1
    changed_by: str = ""
    changed_at: datetime = instant()


class Expert(SQLModel, table=True):
    """Somebody whose knowledge is called in (专家, A4.8). Nobody is deleted: `active` goes."""

    __tablename__ = "expert"
    __table_args__ = (Index("expert_sector", "stream", "sector"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    name_zh: str
    sector: str
    speciality: str = ""
    title: str = ""
    workplace: str = ""
    phone: str
    region_code: str = Field(foreign_key="region.code")
    note: str = ""
    active: bool = True
    revision: int = 1
    changed_by: str = ""
    changed_at: datetime = instant()


class ExpertCall(SQLModel, table=True):
    """An expert was called for an incident (A4.8): who called him, when, what he answered and advised."""

    __tablename__ = "expert_call"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    expert_id: int = Field(foreign_key="expert.id", sa_type=BigInteger)
    incident_id: int = Field(foreign_key="incident.id", sa_type=BigInteger, index=True)
    called_by: str
    called_at: datetime = instant()
    outcome: str  # answered | no_answer | refused | coming
    advice: str = ""
    entered_by: str
    entered_at: datetime = instant()
