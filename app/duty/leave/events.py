"""The event of leave."""

from __future__ import annotations

from typing import Literal

from app.duty.leave.facts import LeaveFact
from app.wire import Fact


class LeaveChanged(Fact):
    """Leave was asked for, approved, refused or withdrawn."""

    type: Literal["leave.asked", "leave.approved", "leave.refused", "leave.withdrawn"]
    leave: LeaveFact
