"""Leave: asked for, decided, withdrawn, seen."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter

from app.api.duty import Days
from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.duty.leave import actions, store
from app.duty.leave.commands import DecisionIn, LeaveIn
from app.duty.leave.facts import LeaveFact

router = APIRouter(prefix="/api/duty/leave", tags=["duty"], route_class=DeskRoute)
NOBODY = "-"  # no region code begins with it


@router.get("")
async def listed(by: By, tx: InTx, house: InHouse, days: Days = 62) -> list[LeaveFact]:
    """Return the leave of the scope's people from today on; who does not read the desk sees his own."""
    now = house.clock.now()
    scope = by.scope if by.may("see_desk") else NOBODY
    return await store.listed(tx, by.stream, scope, by.person_id, now, now + timedelta(days=days))


@router.post("", status_code=201)
async def ask(told: LeaveIn, by: By, tx: InTx, house: InHouse) -> LeaveFact:
    """Ask for leave, for oneself or on behalf of somebody whose duty one plans."""
    return await actions.ask(tx, by, told, house.clock.now())


@router.post("/{leave_id}/decision")
async def decide(leave_id: RowId, told: DecisionIn, by: By, tx: InTx, house: InHouse) -> LeaveFact:
    """Approve or refuse as a leader."""
    return await actions.decide(tx, by, leave_id, told, house.clock.now(), house.settings.zone)


@router.post("/{leave_id}/withdrawal")
async def withdraw(leave_id: RowId, by: By, tx: InTx, house: InHouse) -> LeaveFact:
    """Take leave back."""
    return await actions.withdraw(tx, by, leave_id, house.clock.now(), house.settings.zone)
