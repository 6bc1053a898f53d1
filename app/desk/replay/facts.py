"""What a replay is made of, on the wire."""

from __future__ import annotations

from datetime import datetime

from app.desk.events import WireEvent
from app.dispatch.facts import TeamFact
from app.tracking.facts import TrackFact
from app.wire import Fact


class StayFact(Fact):
    """One time a screen was open.

    `until` is None while it is open; `known` is False when its node died and `until` is only when it was seen
    last. It had everything up to `from_seq` when it opened, up to `to_seq` at `until`.
    """

    opened_at: datetime
    until: datetime | None
    known: bool
    from_seq: int
    to_seq: int


class OnlookerFact(Fact):
    """A person with a screen in the window.

    `sees` are the events of the window that this account may see by today's rights, None for all of them.
    """

    account_id: int
    name: str
    role: str
    scope: str
    stays: list[StayFact]
    sees: list[int] | None


class CarriedFact(Fact):
    """Which team and place a device belongs to (today)."""

    device_id: int
    team_id: int | None
    region_code: str


class ProofFact(Fact):
    """Where the window stands in the journal's chain: its first and last row, and the hash of the last.

    `hash` is hexadecimal, by `algorithm` (`sha256`, `sm3`); `zhishou verify-journal` proves that it
    follows from all rows before.
    """

    first_seq: int | None
    last_seq: int | None
    hash: str
    algorithm: str = "sha256"


class ReplayFact(Fact):
    """A window [start, end): fold `prior` for the picture at its start, then `events` as they happened."""

    stream: str
    centre: str
    start: datetime
    end: datetime
    made_at: datetime
    made_by: str
    zone: str
    prior: list[WireEvent]
    events: list[WireEvent]
    teams: list[TeamFact]
    carried: list[CarriedFact]
    tracks: list[TrackFact]
    onlookers: list[OnlookerFact]
    proof: ProofFact
