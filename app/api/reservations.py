"""Reserved assignments: a team promised to an incident from a later instant on."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.commands import ReasonIn
from app.dispatch.reservation import actions
from app.dispatch.reservation.facts import MoveReservationIn, ReservationFact, ReserveIn

router = APIRouter(prefix="/api", tags=["assignments"], route_class=DeskRoute)


@router.get("/incidents/{incident_id}/reservations")
async def listed(incident_id: RowId, by: By, tx: InTx) -> list[ReservationFact]:
    """Return the teams promised to an incident, those that begin first in front."""
    return await actions.listed(tx, by, incident_id)


@router.post("/incidents/{incident_id}/reservations", status_code=201)
async def reserve(incident_id: RowId, told: ReserveIn, by: By, tx: InTx, house: InHouse) -> ReservationFact:
    """Promise a team from an instant on; until then it is free for anything else."""
    return await actions.reserve(tx, by, incident_id, told, house.clock.now())


@router.post("/reservations/{reservation_id}/move")
async def move(
    reservation_id: RowId, told: MoveReservationIn, by: By, tx: InTx, house: InHouse
) -> ReservationFact:
    """Set another instant, with a reason."""
    return await actions.move(tx, by, reservation_id, told, house.clock.now())


@router.post("/reservations/{reservation_id}/cancel")
async def cancel(reservation_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse) -> ReservationFact:
    """Take the promise back, with a reason."""
    return await actions.cancel(tx, by, reservation_id, told.reason, house.clock.now())
