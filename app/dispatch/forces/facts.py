"""Wire shapes of the register of forces."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.dispatch.forces.rules.kinds import CallOutcome, EquipmentKind, Readiness, Sector
from app.sheets import CellFault
from app.wire import Fact


class LackFact(Fact):
    """A capability that a team holds and cannot bring now, and why."""

    capability: str
    code: str
    zh: str
    en: str


class ForceTeamFact(Fact):
    """A team as the register keeps it; its kind may be one of before this register.

    `strength` are the people it is allowed (编制). `lacking` by equipment alone: who is on duty is looked at
    when it is asked for an incident. `pieces` in use, `pieces_ready` of them usable. `out` while an
    assignment holds it.
    """

    id: int
    name_zh: str
    name_en: str
    call_sign: str
    kind: str
    region_code: str
    region_name: str
    unit_id: int | None
    unit_name: str | None
    parent_id: int | None
    parent_name: str | None
    leader_id: int | None
    leader_name: str | None
    phone: str
    lon: float | None
    lat: float | None
    strength: int
    standby_strength: int
    speed_kmh: float
    capabilities: list[str]
    standby: bool
    dispatchable: bool
    active: bool
    out: bool
    lacking: list[LackFact]
    pieces: int
    pieces_ready: int
    revision: int
    changed_by: str
    changed_at: datetime | None


class OperatorFact(Fact):
    """Somebody trained on a piece of equipment; `active` in service."""

    person_id: int
    name: str
    active: bool


class EquipmentFact(Fact):
    """A piece of equipment and who keeps it: a team or a unit."""

    id: int
    kind: EquipmentKind
    name: str
    number: str
    team_id: int | None
    unit_id: int | None
    keeper_name: str
    region_code: str
    region_name: str
    operators: list[OperatorFact]
    plate: str
    seats: int | None
    load_kg: int | None
    fuel: str
    licence_due: date | None
    readiness: Readiness
    ready_since: datetime
    reason: str
    inspection_due: date | None
    note: str
    active: bool
    revision: int
    changed_by: str
    changed_at: datetime


class EquipmentPage(Fact):
    """Pieces of equipment, and how many there are in all."""

    total: int
    equipment: list[EquipmentFact]


class ExpertFact(Fact):
    """An expert; `calls` are how often he was called for an incident."""

    id: int
    name_zh: str
    sector: Sector
    speciality: str
    title: str
    workplace: str
    phone: str
    region_code: str
    region_path: str
    note: str
    active: bool
    calls: int
    revision: int
    changed_by: str
    changed_at: datetime


class ExpertCallFact(Fact):
    """An expert was called for an incident: who called, when, what he answered and advised."""

    id: int
    incident_id: int
    expert_id: int
    expert_name: str
    sector: Sector
    phone: str
    called_by: str
    called_at: datetime
    outcome: CallOutcome
    advice: str
    entered_by: str
    entered_at: datetime


class ForceImportRow(Fact):
    """What a row of a sheet would do; `label` names it, `changed` names what differs."""

    row: int
    action: Literal["create", "amend", "unchanged"]
    label: str
    number: str
    changed: list[str]


class ForceImportOut(Fact):
    """What a sheet would do to the register, or has done; `faults` are the first of `faults_total`."""

    applied: bool
    created: int
    amended: int
    unchanged: int
    faults: list[CellFault]
    faults_total: int
    rows: list[ForceImportRow]
