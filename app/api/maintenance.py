"""Contacts in maintenance: nothing is sent and nothing escalates through them."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.maintenance import actions
from app.dispatch.maintenance.facts import MaintenanceFact, MaintenanceIn

router = APIRouter(prefix="/api/maintenance", tags=["assignments"], route_class=DeskRoute)


@router.get("")
async def standing(by: By, tx: InTx) -> list[MaintenanceFact]:
    """Return the channels and teams that are in maintenance now."""
    return await actions.standing(tx, by)


@router.post("", status_code=201)
async def begun(told: MaintenanceIn, by: By, tx: InTx, house: InHouse) -> MaintenanceFact:
    """Take a channel or a team out of the ladder until an instant."""
    return await actions.begin_maintenance(tx, by, told, house.clock.now())


@router.post("/{maintenance_id}/end")
async def ended(maintenance_id: RowId, by: By, tx: InTx, house: InHouse) -> MaintenanceFact:
    """Let it be asked again: unanswered orders begin at the first rung."""
    return await actions.end_maintenance(tx, by, maintenance_id, house.clock.now(), house.dispatch)
