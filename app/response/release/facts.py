"""A release on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.response.release.rules.lifting import Verdict
from app.response.release.rules.sector import Advice
from app.wire import Fact


class ReachedPlace(Fact):
    """A village in the sector: how far, in which direction, what is advised there."""

    code: str
    name: str
    name_en: str
    away_m: int
    bearing: int
    advice: Advice
    population: int | None


class ReleaseSectorFact(Fact):
    """A coarse downwind sector, no model of dispersion. `area_id`: the named area of the map."""

    id: int
    substance: str
    size: Literal["small", "large"]
    basis: str
    lon: float
    lat: float
    wind_from_deg: float
    wind_mps: float
    isolate_m: int
    evacuate_m: int
    protect_m: int
    ring: list[tuple[float, float]]
    places: list[ReachedPlace]
    area_id: int | None
    drawn_by: str
    drawn_at: datetime


class ReleaseReadingFact(Fact):
    """A measured value."""

    id: int
    value: float
    normal_to: float
    measured_at: datetime
    source: str
    entered_by: str


class ReleaseSeries(Fact):
    """The values of a substance at a point, oldest first; `normal_in_row` of the latest are normal."""

    point: str
    substance: str
    unit: str
    readings: list[ReleaseReadingFact]
    normal_in_row: int


class ReleaseSignatureFact(Fact):
    """What a department said, None while it said nothing."""

    unit_id: int
    unit_name: str
    verdict: Verdict | None
    name: str
    words: str
    told_by: str | None
    signed_at: datetime | None


class ReleaseLiftingFact(Fact):
    """It was proposed to lift; `commander` overruled who did not sign, and why."""

    id: int
    proposed_by: str
    proposed_at: datetime
    words: str
    signatures: list[ReleaseSignatureFact]
    lifted_by: str | None
    lifted_at: datetime | None
    commander: str
    reason: str


class ReleaseBoard(Fact):
    """The release of an incident. `lift_proposed`: every series was normal twice in a row."""

    sector: ReleaseSectorFact | None
    series: list[ReleaseSeries]
    lift_proposed: bool
    lifting: ReleaseLiftingFact | None
