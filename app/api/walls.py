"""Wall screens: made and revoked by those who manage accounts, opened by a token."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.api.house import By, InHouse, InTx
from app.api.late_route import LateRoute
from app.api.route import DeskRoute, address_of, require_own_page
from app.api.session import give_cookie
from app.api.shapes import Me, me_of
from app.org.walls import actions
from app.org.walls.facts import NewWall, WallFact, WallIn, WallTokenIn

door = APIRouter(prefix="/api/walls", tags=["walls"], route_class=LateRoute)
router = APIRouter(prefix="/api/walls", tags=["walls"], route_class=DeskRoute)


@door.post("/session")
async def open_wall(told: WallTokenIn, request: Request, response: Response, house: InHouse) -> Me:
    """Open a session that only reads, for a display that shows its token."""
    require_own_page(request, house)
    async with house.database.transaction() as tx:
        result = await actions.opened(tx, told.token, address_of(request), house.clock.now())
    give_cookie(response, house, result.token, actions.LIFETIME)
    return me_of(result.viewer, house.settings.zone)


@router.get("")
async def walls(by: By, tx: InTx) -> list[WallFact]:
    """Return the wall screens within one's scope, the revoked ones last."""
    return await actions.listed(tx, by)


@router.post("", status_code=201)
async def make(told: WallIn, by: By, tx: InTx, house: InHouse) -> NewWall:
    """Make a wall screen; its address is told once."""
    return await actions.make(tx, by, told, house.clock.now())


@router.post("/{wall_id}/revoke")
async def revoke(wall_id: int, by: By, tx: InTx, house: InHouse) -> WallFact:
    """Take a wall screen down. What it shows ends at once, on every node."""
    return await actions.revoke(tx, by, wall_id, house.clock.now())
