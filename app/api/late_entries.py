"""What is entered after the fact (事后补录), in one shape."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.desk.late import actions
from app.desk.late.commands import LateEntryIn
from app.desk.late.facts import LateEntryFact

router = APIRouter(prefix="/api/late-entries", tags=["dark"], route_class=DeskRoute)


@router.get("")
async def listed(by: By, tx: InTx) -> list[LateEntryFact]:
    """Return the latest entries after the fact."""
    return await actions.listed(tx, by)


@router.post("", status_code=201)
async def enter(told: LateEntryIn, by: By, tx: InTx, house: InHouse) -> LateEntryFact:
    """Enter a report, a call, a figure, a step or a head-count with its three times and its voucher."""
    return await actions.enter(tx, by, told, house.clock.now(), house.dispatch)
