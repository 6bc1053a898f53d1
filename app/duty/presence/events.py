"""The events of presence."""

from __future__ import annotations

from typing import Literal

from app.duty.presence.facts import AttendanceFact, GapFact, LeaderCallFact, SubstituteFact
from app.wire import Fact


class PresenceChanged(Fact):
    """Somebody came or went; `presence.silent` asks for a sign: there was none for 15 minutes."""

    type: Literal["presence.arrived", "presence.left", "presence.left_before_relief", "presence.silent"]
    attendance: AttendanceFact


class CoverageTold(Fact):
    """A seat is or will be empty; the first who could fill it, and some who could not, with the reasons."""

    type: Literal["coverage.gap", "coverage.filled"]
    gap: GapFact
    substitutes: list[SubstituteFact]


class LeaderCalled(Fact):
    """The leader in charge was called; after three calls in vain `acting_name` leads in his place."""

    type: Literal["presence.leader_called", "presence.leader_replaced"]
    call: LeaderCallFact
    acting_person_id: int | None
    acting_name: str | None
