"""Reservations on the wire, what is asked of them, and their event."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from app.commands import Command, Moment, Reason, RowId
from app.duty.ownership.facts import OwnerFact
from app.wire import Fact

ReservationState = Literal["reserved", "blocked", "committed", "cancelled", "lapsed"]


class ReservationFact(Fact):
    """A team promised to an incident from an instant on. `reason`: why it moved, ended or is blocked."""

    id: int
    incident_id: int
    incident_number: str
    team_id: int
    team_name: str
    state: ReservationState
    starts_at: datetime
    text: str
    reserved_by: str
    reserved_at: datetime
    assignment_id: int | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None
    reason: str = ""


class ReservationChanged(Fact):
    """A reservation was made, moved, cancelled, became an order, or could not: the desk's owner is told."""

    type: Literal[
        "reservation.made",
        "reservation.moved",
        "reservation.cancelled",
        "reservation.committed",
        "reservation.blocked",
        "reservation.lapsed",
    ]
    reservation: ReservationFact
    owner: OwnerFact | None = None


class ReserveIn(Command):
    """Promise a team to an incident from an instant on."""

    team_id: RowId
    starts_at: Moment
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class MoveReservationIn(Command):
    """Another instant, and why."""

    starts_at: Moment
    reason: Reason
