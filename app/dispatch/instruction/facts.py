"""Wire shapes of leaders' instructions."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.instruction.commands import ToldHow
from app.wire import Fact


class InstructionFact(Fact):
    """An instruction, its orders, and how many owners acknowledged and tasks are accepted."""

    id: int
    region_code: str
    leader_name: str
    leader_post: str
    text: str
    told_how: ToldHow
    photo_ref: str
    incident_id: int | None
    restricted: bool
    said_at: datetime
    told_at: datetime
    entered_at: datetime
    written_by: str
    state: Literal["open", "closed"]
    closed_by: str | None
    closed_at: datetime | None
    outcome: str
    order_ids: list[int]
    owners: int
    acknowledged: int
    tasks: int
    accepted: int
    next_due_at: datetime | None
