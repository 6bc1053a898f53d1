"""Assignments, receipts, standby and the field phone's own position."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.delivery.facts import DeliveryFact
from app.dispatch.actions import answer, phone, standby
from app.dispatch.commands import PositionIn, StandbyIn, StepIn
from app.dispatch.facts import AssignmentFact, TeamFact

router = APIRouter(prefix="/api", tags=["assignments"], route_class=DeskRoute)


@router.post("/assignments/{assignment_id}/steps")
async def step(assignment_id: RowId, told: StepIn, by: By, tx: InTx, house: InHouse) -> AssignmentFact:
    """Take one step: the team itself, or the desk on its behalf with channel and reason."""
    return await answer.step(tx, by, assignment_id, told, house.clock.now())


@router.post("/deliveries/{delivery_id}/receipt")
async def receipt(delivery_id: RowId, by: By, tx: InTx, house: InHouse) -> DeliveryFact:
    """Note that the field app has shown the message and rung."""
    return await standby.receipt(tx, by, delivery_id, house.clock.now())


@router.post("/teams/{team_id}/standby")
async def set_standby(team_id: RowId, told: StandbyIn, by: By, tx: InTx, house: InHouse) -> TeamFact:
    """Put a team on or off standby."""
    return await standby.set_standby(tx, by, team_id, told.standby, house.clock.now())


@router.post("/positions", status_code=202)
async def position(told: PositionIn, by: By, tx: InTx, house: InHouse) -> None:
    """Take in a field phone's own position (telemetry: never in the journal)."""
    await phone.hear_position(tx, by, told, house.clock.now())
