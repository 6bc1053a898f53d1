"""Wire shapes of shelters: what they are, how full they are, who goes where."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.sheets import CellFault
from app.wire import Fact

ShelterLevel = Literal["city", "township", "village"]
LegacyClass = Literal["", "I", "II", "III"]
ShelterGrade = Literal["province", "city", "county", "township", "village"]
ShelterDuration = Literal["emergency", "short", "long"]
ShelterSpace = Literal["indoor", "outdoor"]
ShelterFunction = Literal["comprehensive", "single", "specific"]


class ShelterOpeningFact(Fact):
    """A shelter is or was open; opened, told and entered are the three times. No incident is named to
    those who may not know of it.
    """

    id: int
    incident_id: int | None
    incident_number: str
    reason: str
    opened_at: datetime
    told_at: datetime
    entered_at: datetime
    entered_by: str
    channel: str
    voucher: str
    closed_at: datetime | None
    closed_told_at: datetime | None
    closed_entered_at: datetime | None
    closed_by: str
    close_reason: str


class ShelterFact(Fact):
    """A shelter: `present` persons are there by the last head-count and the lists since, `opening` is None
    while it is closed, `nearly_full` from 95 % of the capacity on. `elevation_m` is above sea level;
    `version` grows with every change of the register.
    """

    id: int
    level: ShelterLevel
    legacy_class: LegacyClass
    grade: ShelterGrade
    duration: ShelterDuration
    space: ShelterSpace
    function: ShelterFunction
    specific: str
    name_zh: str
    name_en: str
    region_code: str
    region_path: str
    place: str
    capacity: int
    facilities: list[str]
    opener: str
    opener_phone: str
    maintainer: str
    inspected_on: date | None
    lon: float
    lat: float
    elevation_m: float | None
    opening: ShelterOpeningFact | None
    present: int
    nearly_full: bool
    version: int = 1


class ShelterCountFact(Fact):
    """A head-count with its three times."""

    id: int
    heads: int
    counted_at: datetime
    told_at: datetime
    entered_at: datetime
    entered_by: str
    channel: str
    voucher: str


class ShelterNearFact(Fact):
    """A shelter from a scene: metres in a straight line, bearing in degrees (0 north); `upwind` is None
    when no wind was told, `room` how many more it takes.
    """

    shelter: ShelterFact
    away_m: float
    bearing_deg: float
    upwind: bool | None
    room: int


class ShelterCardFact(Fact):
    """A shelter with the head-counts of the opening that is shown and, when nearly full, the next one."""

    shelter: ShelterFact
    openings: list[ShelterOpeningFact]
    counts: list[ShelterCountFact]
    proposed: ShelterNearFact | None


class VillageShelterFact(Fact):
    """Who goes where: a village, its shelter and the alternative."""

    village_code: str
    village_path: str
    residents: int
    shelter_id: int | None
    shelter_name: str
    alternative_id: int | None
    alternative_name: str


class ResidentImportRow(Fact):
    """What a row of a sheet would do; `changed` are the columns whose cells differ from the register."""

    row: int
    action: Literal["create", "amend", "unchanged"]
    village: str
    household: str
    name: str
    changed: list[str]


class ResidentImportOut(Fact):
    """What a sheet of households would do, or has done."""

    applied: bool
    created: int
    amended: int
    unchanged: int
    faults: list[CellFault]
    faults_total: int
    rows: list[ResidentImportRow]
