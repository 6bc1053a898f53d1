"""Messengers sent where no means works."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.messenger import actions
from app.dispatch.messenger.commands import MessengerIn, MessengerReportIn
from app.dispatch.messenger.facts import MessengerFact

router = APIRouter(prefix="/api/messengers", tags=["dark"], route_class=DeskRoute)


@router.get("")
async def listed(by: By, tx: InTx, house: InHouse) -> list[MessengerFact]:
    """Return who is out, and who came back in the last day."""
    return await actions.listed(tx, by, house.clock.now())


@router.post("", status_code=201)
async def send(told: MessengerIn, by: By, tx: InTx, house: InHouse) -> MessengerFact:
    """Write down that a messenger left, and when he is expected back."""
    return await actions.send(tx, by, told, house.clock.now())


@router.post("/{run_id}/arrival")
async def arrive(run_id: RowId, told: MessengerReportIn, by: By, tx: InTx, house: InHouse) -> MessengerFact:
    """Write down that he arrived."""
    return await actions.arrive(tx, by, run_id, told, house.clock.now())


@router.post("/{run_id}/return")
async def come_back(
    run_id: RowId, told: MessengerReportIn, by: By, tx: InTx, house: InHouse
) -> MessengerFact:
    """Write down that he is back, and what he brings."""
    return await actions.come_back(tx, by, run_id, told, house.clock.now())
