"""Relays (中转台) that fail."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.devices import may_look
from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.devices.relays.facts import RelayReportOut
from app.devices.relays.report import report

router = APIRouter(prefix="/api", tags=["radio"], route_class=DeskRoute)


@router.get("/relay-failures")
async def relay_failures(by: By, tx: InTx, house: InHouse) -> RelayReportOut:
    """Return the relays that fell silent, failed or tell of a fault, and which places lose which groups."""
    may_look(by)
    return await report(tx, by.stream, by.scope, house.clock.now())
