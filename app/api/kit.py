"""The minimum kit (最低配备) of each station, and what of it works."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.devices import may_look
from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.devices.kit.facts import KitOut
from app.devices.kit.survey import survey

router = APIRouter(prefix="/api", tags=["devices"], route_class=DeskRoute)


@router.get("/kit")
async def kit(by: By, tx: InTx, house: InHouse) -> KitOut:
    """Return what each station of the scope must own, what of it works, what is broken, untested, missing."""
    may_look(by)
    return await survey(tx, by.stream, by.scope, house.clock.now())
