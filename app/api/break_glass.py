"""The sealed emergency login (应急账号): opened by its code, seen by every desk, ended by hand or time."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from app.api.house import By, InHouse, InTx
from app.api.late_route import LateRoute
from app.api.route import DeskRoute, address_of, require_own_page
from app.api.session import give_cookie
from app.api.shapes import Me, me_of
from app.duty.break_glass import actions
from app.duty.break_glass.facts import BreakGlassFact, OpenIn

door = APIRouter(prefix="/api/login", tags=["session"], route_class=LateRoute)
router = APIRouter(prefix="/api/break-glass", tags=["session"], route_class=DeskRoute)


@door.post("/break-glass")
async def open_sealed(told: OpenIn, request: Request, response: Response, house: InHouse) -> Me:
    """Log in with the code of the sealed sheet, once: every desk is alarmed and the leaders are told."""
    require_own_page(request, house)
    lifetime = timedelta(hours=house.settings.break_glass_hours)
    opened = await actions.open_sealed(
        house.database, house.settings.stream, told, address_of(request), house.clock.now(), lifetime
    )
    give_cookie(response, house, opened.token, lifetime)
    return me_of(opened.viewer, house.settings.zone)


@router.get("")
async def state(by: By, tx: InTx) -> BreakGlassFact:
    """Return whether a sheet lies sealed, and the last that was opened."""
    return await actions.state(tx, by)


@router.post("/closing")
async def close(by: By, tx: InTx, house: InHouse) -> BreakGlassFact:
    """End what the sheet opened before its time; its screens close."""
    return await actions.close(tx, by, house.clock.now())
