"""Alarms: acknowledge, confirm, dismiss."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.actions import alarms, dismissal
from app.dispatch.commands import AlarmConfirmIn, ReasonIn
from app.dispatch.facts import AlarmFact, IncidentFact

router = APIRouter(prefix="/api/alarms", tags=["alarms"], route_class=DeskRoute)


@router.post("/{alarm_id}/acknowledge")
async def acknowledge(alarm_id: RowId, by: By, tx: InTx, house: InHouse) -> AlarmFact:
    """Say "I have seen it": the sound stops on every console."""
    return await alarms.acknowledge(tx, by, alarm_id, house.clock.now(), house.dispatch)


@router.post("/{alarm_id}/confirm", status_code=201)
async def confirm(
    alarm_id: RowId, by: By, tx: InTx, house: InHouse, known: AlarmConfirmIn | None = None
) -> IncidentFact:
    """Judge the alarm to be real: its incident is opened in the same transaction."""
    return await alarms.confirm(
        tx, by, alarm_id, known or AlarmConfirmIn(), house.clock.now(), house.settings.zone, house.dispatch
    )


@router.post("/{alarm_id}/dismiss")
async def dismiss(alarm_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse) -> AlarmFact:
    """Judge the alarm to be none; the reason stays in the journal.

    A call for help stands on until another person has confirmed that.
    """
    return await dismissal.dismiss(tx, by, alarm_id, told.reason, house.clock.now())


@router.post("/{alarm_id}/dismissal/confirm")
async def confirm_dismissal(alarm_id: RowId, by: By, tx: InTx, house: InHouse) -> AlarmFact:
    """Confirm as the second person that a call for help was none."""
    return await dismissal.confirm(tx, by, alarm_id, house.clock.now())


@router.post("/{alarm_id}/dismissal/refuse")
async def refuse_dismissal(alarm_id: RowId, by: By, tx: InTx, house: InHouse) -> AlarmFact:
    """Refuse a dismissal that waits for the second person, or take back one's own: the call stands."""
    return await dismissal.refuse(tx, by, alarm_id, house.clock.now())
