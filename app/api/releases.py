"""Releases: the coarse downwind sector, measured values, countersigned lifting."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.response.release import actions
from app.response.release.commands import (
    ReleaseLiftIn,
    ReleaseLiftingIn,
    ReleaseReadingIn,
    ReleaseSectorIn,
    ReleaseSignatureIn,
)
from app.response.release.facts import ReleaseBoard

router = APIRouter(prefix="/api/incidents/{incident_id}/release", tags=["incidents"], route_class=DeskRoute)


@router.get("")
async def board(incident_id: RowId, by: By, tx: InTx) -> ReleaseBoard:
    """Return the sector, the measured values and how far lifting is."""
    return await actions.board(tx, by, incident_id)


@router.post("/sector", status_code=201)
async def draw(incident_id: RowId, told: ReleaseSectorIn, by: By, tx: InTx, house: InHouse) -> ReleaseBoard:
    """Lay a coarse sector on the map from the wind and the distances that apply."""
    return await actions.draw(tx, by, incident_id, told, house.clock.now())


@router.post("/readings", status_code=201)
async def measure(
    incident_id: RowId, told: ReleaseReadingIn, by: By, tx: InTx, house: InHouse
) -> ReleaseBoard:
    """Write a measured value down."""
    return await actions.measure(tx, by, incident_id, told, house.clock.now())


@router.post("/lifting", status_code=201)
async def propose(
    incident_id: RowId, told: ReleaseLiftingIn, by: By, tx: InTx, house: InHouse
) -> ReleaseBoard:
    """Propose to lift and ask departments to sign (会签)."""
    return await actions.propose(tx, by, incident_id, told, house.clock.now())


@router.post("/lifting/signatures")
async def sign(
    incident_id: RowId, told: ReleaseSignatureIn, by: By, tx: InTx, house: InHouse
) -> ReleaseBoard:
    """Write down that a department signs or objects."""
    return await actions.sign(tx, by, incident_id, told, house.clock.now())


@router.post("/lifting/end")
async def lift(incident_id: RowId, told: ReleaseLiftIn, by: By, tx: InTx, house: InHouse) -> ReleaseBoard:
    """Lift: all signed, or the commander, named, overrules them with his reason."""
    return await actions.lift(tx, by, incident_id, told, house.clock.now())
