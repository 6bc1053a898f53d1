"""The life of incidents: alike, merged, split, linked, planned, reopened."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.dispatch.commands import ReasonIn
from app.dispatch.facts import IncidentFact
from app.dispatch.lifecycle.actions import links, merge, schedule, split
from app.dispatch.lifecycle.commands import (
    IncidentSplitIn,
    LikelySameIn,
    LinkIn,
    MergeIn,
    PlannedIncidentIn,
    RescheduleIn,
)
from app.dispatch.lifecycle.facts import IncidentLinkFact, LikelySameFact

router = APIRouter(prefix="/api", tags=["incidents"], route_class=DeskRoute)


@router.post("/incidents/likely-same")
async def likely_known(told: LikelySameIn, by: By, tx: InTx, house: InHouse) -> list[LikelySameFact]:
    """Return which known incidents may be the one that is being typed. Nothing is merged."""
    return await links.likely_known(tx, by, told, house.clock.now())


@router.post("/incidents/planned", status_code=201)
async def plan(told: PlannedIncidentIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Enter an incident that opens by itself at its time."""
    return await schedule.plan(tx, by, told, house.clock.now(), house.settings.zone)


@router.get("/incidents/{incident_id}/likely-same")
async def likely_same(incident_id: RowId, by: By, tx: InTx, house: InHouse) -> list[LikelySameFact]:
    """Return which known incidents may be the same, each with why."""
    return await links.likely_same(tx, by, incident_id, house.clock.now())


@router.post("/incidents/{incident_id}/merge")
async def merge_into(incident_id: RowId, told: MergeIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Close this incident into another, which is returned."""
    return await merge.merge(tx, by, incident_id, told, house.clock.now())


@router.post("/incidents/{incident_id}/split", status_code=201)
async def split_off(
    incident_id: RowId, told: IncidentSplitIn, by: By, tx: InTx, house: InHouse
) -> IncidentFact:
    """Open a new incident with some of this one's assignments, alarms and callers."""
    return await split.split(tx, by, incident_id, told, house.clock.now(), house.settings.zone)


@router.post("/incidents/{incident_id}/reschedule")
async def reschedule(
    incident_id: RowId, told: RescheduleIn, by: By, tx: InTx, house: InHouse
) -> IncidentFact:
    """Set another instant for a planned incident, with a reason."""
    return await schedule.reschedule(tx, by, incident_id, told, house.clock.now(), house.settings.zone)


@router.post("/incidents/{incident_id}/call-off")
async def call_off(incident_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Close a planned incident that will not take place."""
    return await schedule.call_off(tx, by, incident_id, told.reason, house.clock.now())


@router.post("/incidents/{incident_id}/reopen")
async def reopen(incident_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Open a closed incident again: a leader or the shift lead, with a reason."""
    return await schedule.reopen(tx, by, incident_id, told.reason, house.clock.now())


@router.get("/incidents/{incident_id}/links")
async def listed(incident_id: RowId, by: By, tx: InTx) -> list[IncidentLinkFact]:
    """Return what the incident is tied to, undone ties too."""
    return await links.listed(tx, by, incident_id)


@router.post("/incidents/{incident_id}/links", status_code=201)
async def link(incident_id: RowId, told: LinkIn, by: By, tx: InTx, house: InHouse) -> list[IncidentLinkFact]:
    """Tie the incident to another, as its child or as related."""
    return await links.link(tx, by, incident_id, told, house.clock.now())


@router.post("/incident-links/{link_id}/undo")
async def unlink(link_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse) -> IncidentLinkFact:
    """Untie two incidents, with a reason."""
    return await links.unlink(tx, by, link_id, told.reason, house.clock.now())


@router.post("/incident-links/{link_id}/undo-merge")
async def undo_merge(link_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse) -> IncidentFact:
    """Take a merge back while nothing else happened; the incident that is open again is returned."""
    return await merge.undo_merge(tx, by, link_id, told.reason, house.clock.now())
