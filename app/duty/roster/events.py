"""The events of the roster."""

from __future__ import annotations

from datetime import date
from typing import Literal

from app.duty.roster.facts import OverrideFact, ShiftFact, TemporaryFact
from app.wire import Fact


class RosterPublished(Fact):
    """A month's roster was published; `added` holds from now on, `dropped` no longer does.

    `accepted` names the red findings that the planner answered for; `late` that it came after the day
    of the month by which rosters are due (R11).
    """

    type: Literal["roster.published"]
    post_id: int
    month: date
    revision: int
    late: bool
    accepted: list[str]
    added: list[ShiftFact]
    dropped: list[ShiftFact]


class RosterOverridden(Fact):
    """The roster was changed for a while, or such a change was taken back."""

    type: Literal["roster.overridden", "roster.override_revoked"]
    override: OverrideFact
    added: list[ShiftFact]
    dropped: list[ShiftFact]


class TemporaryScheduleSet(Fact):
    """A temporary schedule holds, or was taken back."""

    type: Literal["roster.temporary_set", "roster.temporary_revoked"]
    temporary: TemporaryFact
    added: list[ShiftFact]
    dropped: list[ShiftFact]
