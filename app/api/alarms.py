"""Alarms: acknowledge, confirm, dismiss."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.actions import alarms
from app.dispatch.commands import AlarmConfirmIn, ReasonIn
from app.dispatch.facts import AlarmFact, IncidentFact

router = APIRouter(prefix="/api/alarms", tags=["alarms"], route_class=DeskRoute)


@router.post("/{alarm_id}/acknowledge")
async def acknowledge(alarm_id: RowId, by: By, tx: InTx, house: InHouse) -> AlarmFact:
    """Say "I have seen it": the sound stops on every console."""
    return await alarms.acknowledge(tx, by, alarm_id, house.clock.now())


@router.post("/{alarm_id}/confirm", status_code=201)
async def confirm(
    alarm_id: RowId, by: By, tx: InTx, house: InHouse, known: AlarmConfirmIn | None = None
) -> IncidentFact:
    """Judge the alarm to be real: its incident is opened in the same transaction."""
    return await alarms.confirm(
        tx, by, alarm_id, known or AlarmConfirmIn(), house.clock.now(), house.settings.zone
    )


@router.post("/{alarm_id}/dismiss")
async def dismiss(alarm_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse) -> AlarmFact:
    """Judge the alarm to be none; the reason stays in the journal."""
    return await alarms.dismiss(tx, by, alarm_id, told.reason, house.clock.now())
