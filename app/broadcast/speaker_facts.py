"""What is told of loudspeakers, their repairs, texts to choose from and what is on the air."""

from __future__ import annotations

from datetime import datetime

from app.broadcast.facts import TerminalStateName
from app.wire import Fact


class SpeakerFact(Fact):
    """A loudspeaker of the register."""

    id: int
    resource_code: str
    name: str
    region_code: str
    path: str
    kind: str
    state: TerminalStateName
    state_words: str
    state_at: datetime | None
    return_capable: bool
    real: bool
    drills: bool
    peer: str
    repair_due_at: datetime | None


class SpeakerPageFact(Fact):
    """A page of the register, with how many there are in each state."""

    total: int
    counts: dict[str, int]
    terminals: list[SpeakerFact]


class SpeakerRepairFact(Fact):
    """A terminal to be repaired."""

    id: int
    terminal_id: int
    terminal: str
    region_code: str
    path: str
    broadcast_id: int | None
    fault: str
    hours: int
    opened_at: datetime
    opened_by: str
    due_at: datetime
    overdue: bool
    owner: str
    owner_phone: str
    done_at: datetime | None
    done_by: str
    note: str


class BroadcastTemplateFact(Fact):
    """A text for a hazard in each colour, its fields still open: {区域} {单位} {时间} {措施}."""

    key: str
    event_type: str
    hazard: str
    colour: str
    title: str
    text: str
    faults: list[str]


class OnAirSlotFact(Fact):
    """A message is on the air in a place from `start_at` to `end_at`."""

    broadcast_id: int
    title: str
    severity: int
    start_at: datetime
    end_at: datetime


class AreaScheduleFact(Fact):
    """What is on the air in a township, in order, as things stand."""

    region_code: str
    path: str
    slots: list[OnAirSlotFact]
