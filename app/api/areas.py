"""Areas that were drawn on the map and given a name."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.org.areas import actions
from app.org.areas.facts import AreaAmendIn, AreaFact, AreaIn

router = APIRouter(prefix="/api/map/areas", tags=["desk"], route_class=DeskRoute)


@router.get("")
async def listed(by: By, tx: InTx) -> list[AreaFact]:
    """Return the named areas that touch one's scope, by name."""
    return await actions.listed(tx, by)


@router.post("", status_code=201)
async def draw(told: AreaIn, by: By, tx: InTx, house: InHouse) -> AreaFact:
    """Keep an area under a name."""
    return await actions.draw(tx, by, told, house.clock.now())


@router.put("/{area_id}")
async def amend(area_id: RowId, told: AreaAmendIn, by: By, tx: InTx, house: InHouse) -> AreaFact:
    """Put a whole area in the place of what it was."""
    return await actions.amend(tx, by, area_id, told, house.clock.now())


@router.delete("/{area_id}", status_code=204)
async def delete(area_id: RowId, by: By, tx: InTx, house: InHouse) -> Response:
    """Delete an area; what was made with it stays."""
    await actions.delete(tx, by, area_id, house.clock.now())
    return Response(status_code=204)
