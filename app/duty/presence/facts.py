"""Wire shapes of presence."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.duty.presence.rules import Kind, Stage
from app.duty.roster.facts import Role
from app.wire import Fact


class AttendanceFact(Fact):
    """One person at one post from coming to going."""

    id: int
    post_id: int
    seat_id: int
    role: Role
    shift_id: int
    person_id: int
    person_name: str
    arrived_at: datetime
    means: Literal["desk", "phone", "typed"]
    away_m: float | None
    late_min: int
    left_at: datetime | None
    before_relief: bool
    overtime_min: int
    note: str
    noted_by: str


class ObstacleFact(Fact):
    """What stands against a person taking a duty; `hard` ones nobody may set aside."""

    code: str
    hard: bool
    zh: str
    en: str


class SubstituteFact(Fact):
    """A person who could fill a seat, or why not. `reserve`: is on reserve duty (备班) at that time."""

    person_id: int
    name: str
    phone: str
    reserve: bool
    hours_this_month: float
    fit: bool
    obstacles: list[ObstacleFact]


class GapFact(Fact):
    """A seat that is not filled, or will not be, with the first who could fill it."""

    id: int
    post_id: int
    post_name: str
    seat_id: int
    role: Role
    kind: Kind
    person_id: int
    person_name: str
    starts_at: datetime
    ends_at: datetime
    missing: int
    stage: Stage
    noticed_at: datetime
    filled_at: datetime | None
    minutes: int


class LeaderCallFact(Fact):
    """A call to the leader in charge, and how many in a row were in vain."""

    id: int
    post_id: int
    shift_id: int
    person_id: int
    person_name: str
    called_at: datetime
    answered: bool
    in_vain: int
    note: str
    noted_by: str
