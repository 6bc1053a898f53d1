"""Reporting (信息报送): what is due and why, the facts it hangs on, reasons of lateness."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.reporting.actions import knowledge, late, seen
from app.reporting.commands import LateReasonIn, ReportKnownIn
from app.reporting.facts import IncidentReporting, ReportDueFact

router = APIRouter(prefix="/api", tags=["reporting"], route_class=DeskRoute)


@router.get("/incidents/{incident_id}/reporting")
async def of_incident(incident_id: RowId, by: By, tx: InTx, house: InHouse) -> IncidentReporting:
    """Return what is due of an incident, why, what was late, and the facts it hangs on."""
    return await seen.of_incident(tx, by, house.reporting, incident_id, house.clock.now())


@router.post("/incidents/{incident_id}/reporting/knowledge", status_code=201)
async def note_known(
    incident_id: RowId, told: ReportKnownIn, by: By, tx: InTx, house: InHouse
) -> IncidentReporting:
    """Enter or correct a fact: when a node came to know, that the fire is out, who is threatened …"""
    now = house.clock.now()
    await knowledge.note_known(tx, by, house.reporting, incident_id, told, now)
    return await seen.of_incident(tx, by, house.reporting, incident_id, now)


@router.get("/reporting/dues")
async def open_dues(
    by: By, tx: InTx, house: InHouse, limit: Annotated[int, Query(ge=1, le=500)] = 200
) -> list[ReportDueFact]:
    """Return the open dues of all incidents in sight, the soonest first."""
    return await seen.open_dues(tx, by, house.reporting, limit, house.clock.now())


@router.post("/reporting/dues/{due_id}/late-reason")
async def late_reason(due_id: RowId, told: LateReasonIn, by: By, tx: InTx, house: InHouse) -> ReportDueFact:
    """Say why a report was late; the flag stays."""
    return await late.give_reason(tx, by, house.reporting, due_id, told, house.clock.now())
