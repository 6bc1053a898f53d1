"""The event of leave."""

from __future__ import annotations

from typing import Literal

from app.duty.leave.facts import LeaveFact
from app.duty.roster.facts import ShiftFact
from app.wire import Fact


class LeaveChanged(Fact):
    """Leave was asked for, approved, refused or withdrawn; which shifts that took away or gave back."""

    type: Literal["leave.asked", "leave.approved", "leave.refused", "leave.withdrawn"]
    leave: LeaveFact
    added: list[ShiftFact] = []
    dropped: list[ShiftFact] = []
