"""The guards that every action of a person passes."""

from __future__ import annotations

from app.db import Tx
from app.dispatch.store import incidents
from app.dispatch.tables import Incident
from app.org.rules.access import Concern, Viewer, actor, may_see, require
from app.refusals import NotFound, NotPermitted

__all__ = ["actor", "concern_of", "incident_for_command", "require"]


def concern_of(incident: Incident) -> Concern:
    """Return whom the incident concerns."""
    return Concern(
        tuple(incident.concern_regions),
        tuple(incident.concern_teams),
        incident.restricted,
        readers=tuple(incident.readers),
    )


async def incident_for_command(tx: Tx, by: Viewer, incident_id: int) -> Incident:
    """Return the incident, locked, if this person may command it. Raises NotFound, NotPermitted."""
    require(by, "command")
    incident = await incidents.locked(tx, by.stream, incident_id)
    if incident is None or not may_see(by, concern_of(incident)):
        raise NotFound("该事件", "incident")
    if not by.covers(incident.region_code):
        raise NotPermitted
    return incident
