"""The county's own days beside the state's calendar: rosters and working days follow both."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.duty.county_days import actions, store
from app.duty.county_days.commands import CalendarDay, CountyDayIn
from app.duty.county_days.facts import CountyDayFact
from app.org.rules.access import require

router = APIRouter(prefix="/api/duty/county-days", tags=["duty"], route_class=DeskRoute)


@router.get("")
async def listed(by: By, tx: InTx) -> list[CountyDayFact]:
    """Return the county's own days, the earliest first."""
    require(by, "see_desk")
    return await store.listed(tx, by.stream)


@router.put("/{on}")
async def settle(on: CalendarDay, told: CountyDayIn, by: By, tx: InTx, house: InHouse) -> CountyDayFact:
    """Settle a day as the county's leader: a holiday of its own, a week-end that is worked."""
    return await actions.settle(tx, by, on, told, house.clock.now())


@router.delete("/{on}")
async def clear(on: CalendarDay, by: By, tx: InTx, house: InHouse) -> CountyDayFact:
    """Give a day back to the state's calendar."""
    return await actions.clear(tx, by, on, house.clock.now())
