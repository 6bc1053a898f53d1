"""What may have come in twice (对账)."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.reconciliation import actions
from app.dispatch.reconciliation.commands import PairDecisionIn
from app.dispatch.reconciliation.facts import SuspectedPairFact
from app.org.rules.access import require

router = APIRouter(prefix="/api/reconciliation", tags=["dark"], route_class=DeskRoute)


@router.get("")
async def listed(by: By, tx: InTx, settled: bool = False) -> list[SuspectedPairFact]:  # noqa: FBT001, FBT002
    """Return the pairs to look at, or those that were decided."""
    return await actions.listed(tx, by, settled=settled)


@router.post("/look")
async def look(by: By, tx: InTx, house: InHouse) -> list[SuspectedPairFact]:
    """Compare now what was entered in the last day; return the pairs to look at."""
    require(by, "command")
    await actions.look(tx, by.stream, house.clock.now())
    return await actions.listed(tx, by, settled=False)


@router.post("/{pair_id}/decision")
async def decide(pair_id: RowId, told: PairDecisionIn, by: By, tx: InTx, house: InHouse) -> SuspectedPairFact:
    """Say what the two are: both, the same, or one merged into the other's incident."""
    return await actions.decide(tx, by, pair_id, told, house.clock.now())
