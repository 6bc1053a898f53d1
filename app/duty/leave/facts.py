"""Wire shapes of leave."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.wire import Fact

LeaveKind = Literal["annual", "sick", "personal", "official", "training"]


class LeaveFact(Fact):
    """A person's leave; it counts from the moment a leader approved it."""

    id: int
    person_id: int
    person_name: str
    region_code: str
    kind: LeaveKind
    starts_at: datetime
    ends_at: datetime
    reason: str
    place: str
    in_area: bool
    state: Literal["asked", "approved", "refused", "withdrawn"]
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    remark: str
