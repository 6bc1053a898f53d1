"""Key periods that a leader declares by hand: a response or a warning in force."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.duty.declared import actions, store
from app.duty.declared.commands import DeclaredPeriodIn
from app.duty.declared.facts import DeclaredPeriodFact
from app.org.rules.access import require

router = APIRouter(prefix="/api/readiness/key-periods", tags=["readiness"], route_class=DeskRoute)
BACK, AHEAD = timedelta(days=31), timedelta(days=366)


@router.get("")
async def listed(by: By, tx: InTx, house: InHouse) -> list[DeclaredPeriodFact]:
    """Return the periods declared for the county that hold, lie ahead or held within the last month."""
    require(by, "see_desk")
    today = house.readiness.today(house.clock.now())
    return await store.touching(tx, by.stream, today - BACK, today + AHEAD)


@router.post("", status_code=201)
async def declare(told: DeclaredPeriodIn, by: By, tx: InTx, house: InHouse) -> DeclaredPeriodFact:
    """Declare a key period for the county, as its leader: the stricter readiness holds from its first day."""
    now = house.clock.now()
    return await actions.declare(tx, by, told, now, house.readiness.today(now))


@router.post("/{period_id}/end")
async def end(period_id: RowId, by: By, tx: InTx, house: InHouse) -> DeclaredPeriodFact:
    """End a key period: today is an ordinary day again."""
    now = house.clock.now()
    return await actions.end(tx, by, period_id, now, house.readiness.today(now))
