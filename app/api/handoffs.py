"""Cross-border notices: a neighbouring command centre is told of an incident, or takes it over."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.handoff import actions
from app.dispatch.handoff.commands import HandoffIn, HandoffReceiptIn
from app.dispatch.handoff.facts import HandoffBook, HandoffFact

router = APIRouter(prefix="/api", tags=["incidents"], route_class=DeskRoute)


@router.get("/incidents/{incident_id}/handoffs")
async def book(incident_id: RowId, by: By, tx: InTx) -> HandoffBook:
    """Return which neighbours were told, and whom an incident beyond the county should be handed off to."""
    return await actions.book(tx, by, incident_id)


@router.post("/incidents/{incident_id}/handoffs", status_code=201)
async def send(incident_id: RowId, told: HandoffIn, by: By, tx: InTx, house: InHouse) -> HandoffFact:
    """Write down that a neighbour was told, or was given the incident."""
    return await actions.send(tx, by, incident_id, told, house.clock.now())


@router.post("/handoffs/{handoff_id}/receipt")
async def receive(handoff_id: RowId, told: HandoffReceiptIn, by: By, tx: InTx, house: InHouse) -> HandoffFact:
    """Write down who over there received it."""
    return await actions.receive(tx, by, handoff_id, told, house.clock.now())
