"""The guards that every action of a person passes."""

from __future__ import annotations

from app.db import Tx
from app.dispatch.exercise import store as parties
from app.dispatch.store import assignments, incidents, teams
from app.dispatch.tables import Assignment, Incident
from app.org.rules.access import Concern, Viewer, actor, may_see, require
from app.refusals import NotFound, NotPermitted

__all__ = ["actor", "assignment_for_command", "concern_of", "incident_for_command", "require"]


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
    await parties.check_acts(tx, by, incident.drill_id)
    return incident


async def assignment_for_command(tx: Tx, by: Viewer, assignment_id: int, *, lock: bool = True) -> Assignment:
    """Return the assignment, locked, if this person may command it: its incident or its team in scope.

    Raises NotFound, NotPermitted.
    """
    find = assignments.locked if lock else assignments.row
    assignment = await find(tx, by.stream, assignment_id)
    if assignment is None:
        raise NotFound("该派单", "assignment")
    await check_command(tx, by, assignment, lock=lock)
    return assignment


async def check_command(tx: Tx, by: Viewer, assignment: Assignment, *, lock: bool = True) -> None:
    """Check that this person commands an assignment. Raises NotFound, NotPermitted."""
    if not by.may("command"):
        if assignment.team_id in by.team_ids:
            raise NotPermitted
        raise NotFound("该派单", "assignment")
    find = incidents.locked if lock else incidents.row
    incident = await find(tx, by.stream, assignment.incident_id)
    team = await teams.fact(tx, assignment.team_id)
    if incident is None or not (by.covers(incident.region_code) or by.covers(team.region_code)):
        raise NotFound("该派单", "assignment")
    if not _may_know(by, incident):
        raise NotFound("该派单", "assignment")


def _may_know(by: Viewer, incident: Incident) -> bool:
    if incident.readers:
        return by.is_named(incident.readers)
    return by.may("see_restricted") or not incident.restricted
