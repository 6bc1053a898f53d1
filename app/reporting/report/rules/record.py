"""What a report is made of: an incident's record at one instant, in plain values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

VERIFYING = "正在核实"


@dataclass(frozen=True, slots=True)
class Force:
    """A team that was sent: its standby strength and how far it is, in words."""

    key: str
    name: str
    strength: int
    stands: str


@dataclass(frozen=True, slots=True)
class Narrative:
    """What only people can say; "" where nobody said it yet."""

    cause: str = ""
    course: str = ""
    scope: str = ""
    losses: str = ""
    trend: str = ""
    leaders: str = ""
    measures: str = ""
    requests: str = ""
    commander: str = ""
    next_work: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An incident's record. `figures` by kind (app/dispatch/figures/kinds.py), None while being verified."""

    received_at: datetime
    occurred_at: datetime | None
    source: str
    place: str
    nature: str
    level: int
    as_of: datetime
    lon: float | None = None
    lat: float | None = None
    description: str = ""
    figures: Mapping[str, float | None] = field(default_factory=dict)
    forces: tuple[Force, ...] = ()
    command: tuple[tuple[str, str], ...] = ()
    ended: str = ""
    told: Narrative = Narrative()
