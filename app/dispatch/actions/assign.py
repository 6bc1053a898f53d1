"""Send a team (派单): assignment, outgoing messages and journal entry in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.db import Tx
from app.delivery import store as deliveries
from app.delivery.rules import (
    CHANNEL_OF_FAMILY,
    ORDER_LIFETIME,
    Limits,
    Reach,
    Rung,
    first_rung,
    order_text_for,
    rung_after,
)
from app.delivery.tables import Delivery
from app.dispatch.actions.permission import actor, concern_of, incident_for_command
from app.dispatch.commands import AssignIn
from app.dispatch.events import AssignmentDispatched
from app.dispatch.facts import AssignmentFact
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.store import assignments, incidents, teams
from app.dispatch.store.assignments import Commitment
from app.dispatch.tables import Assignment, Incident
from app.duty.roster.on_call import to_call
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Viewer
from app.refusals import NotFound, NotPermitted, Refusal


class AlreadyCommitted(Refusal):
    """The team is out already; the refusal tells for what, by whom and since when."""

    code = "already_committed"

    def __init__(self, team: str, held: Commitment, *, named: bool = True) -> None:
        since = held.assigned_at.isoformat(timespec="seconds")
        if named:
            super().__init__(
                f"{team}已由{held.assigned_by}派往 {held.incident_number},请另选队伍",
                f"{held.assigned_by} already sent this team to {held.incident_number} at {since}: "
                "choose another",
            )
        else:  # a need-to-know incident of others
            super().__init__(
                f"{team}正在执行其他任务,请另选队伍", "this team is committed elsewhere: choose another"
            )
        self.held = held


async def assign(
    tx: Tx, by: Viewer, incident_id: int, order: AssignIn, now: datetime, limits: Limits
) -> AssignmentFact:
    """Send one team to an incident and start the clock of its answer.

    The team's row is locked first: of two officers who send one team in the same instant exactly one
    succeeds. Raises AlreadyCommitted, IllegalStep when the incident is closed, NotFound, NotPermitted.
    """
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state != "open":
        raise IllegalStep(incident.state, "assign")
    team = await teams.locked(tx, by.stream, order.team_id)
    if team is None:
        raise NotFound("该队伍", "team")
    if not by.covers(team.region_code):
        raise NotPermitted
    if held := await assignments.commitment_of_team(tx, order.team_id):
        raise AlreadyCommitted(team.name_zh, held, named=held.known_to(by))

    reach = await reach_of(tx, order.team_id)
    rung = first_rung(reach, now)
    assignment = Assignment(
        stream=by.stream,
        incident_id=incident_id,
        team_id=order.team_id,
        text=order.text,
        rank_when_assigned=order.rank_when_assigned,
        assigned_by=by.name,
        assigned_at=now,
        answer_due_at=now + limits.answer,
        escalation_step=rung.step,
        next_step_at=_next_at(rung, reach, now, limits),
        leader_alerted_at=now if rung.kind == "leader" else None,
        called=await leaders_of(tx, incident, now) if rung.kind == "leader" else [],
    )
    tx.add(assignment)
    _widen(incident, team.region_code, order.team_id)
    await tx.flush()
    await deliveries.concern(tx, incident_id, concern_of(incident))
    await post(tx, incident, assignment, rung, now)
    await tx.flush()
    return await _tell(tx, by, incident, assignment, now)


async def leaders_of(tx: Tx, incident: Incident, now: datetime) -> list[dict[str, Any]]:
    """Return the leaders on duty for the place of an incident, as the journal keeps them."""
    found = await to_call(tx, incident.stream, incident.region_code, now)
    return [one.model_dump(mode="json") for one in found]


async def reach_of(tx: Tx, team_id: int) -> Reach:
    """Return by which means the team can be reached at this instant."""
    device = await org.text_device(tx, team_id, list(CHANNEL_OF_FAMILY))
    return Reach(has_app=await org.has_app(tx, team_id), has_device=device is not None)


async def post(tx: Tx, incident: Incident, assignment: Assignment, rung: Rung, now: datetime) -> None:
    """Write the outgoing message of a rung; the leader's board needs none."""
    if rung.kind == "leader":
        return
    channel, address, device_id = "app", f"team:{assignment.team_id}", None
    if rung.kind == "device_text":
        device = await org.text_device(tx, assignment.team_id, list(CHANNEL_OF_FAMILY))
        assert device is not None  # the rung exists only if the device does
        channel, address, device_id = CHANNEL_OF_FAMILY[device.family], device.number, device.device_id
    event_type = await incidents.event_type(tx, incident.event_scheme, incident.event_code)
    place = await org.region_path(tx, incident.region_code) + incident.address
    tx.add(
        Delivery(
            stream=incident.stream,
            assignment_id=assignment.id,
            incident_id=incident.id,
            team_id=assignment.team_id,
            device_id=device_id,
            concern_regions=incident.concern_regions,
            concern_teams=incident.concern_teams,
            restricted=incident.restricted,
            readers=incident.readers,
            channel=channel,
            address=address,
            body=order_text_for(
                channel, incident.number, place, event_type.name_zh if event_type else "", assignment.text
            ),
            queued_at=now,
            expires_at=assignment.assigned_at + ORDER_LIFETIME,  # the order ages, whatever rung carries it
        )
    )


def _next_at(rung: Rung, reach: Reach, now: datetime, limits: Limits) -> datetime | None:
    following = rung_after(rung.step, reach, now, limits)
    return following.at if following else None


def _widen(incident: Incident, region_code: str, team_id: int) -> None:
    if region_code not in incident.concern_regions:
        incident.concern_regions = [*incident.concern_regions, region_code]
    if team_id not in incident.concern_teams:
        incident.concern_teams = [*incident.concern_teams, team_id]


async def _tell(
    tx: Tx, by: Viewer, incident: Incident, assignment: Assignment, now: datetime
) -> AssignmentFact:
    assert incident.id is not None and assignment.id is not None
    seen = await incidents.seen(tx, by.stream, incident.id)
    assert seen is not None
    fact = await assignments.fact(tx, assignment.id)
    event = AssignmentDispatched(
        type="assignment.dispatched",
        assignment=fact,
        incident=seen.fact,
        assignments=await assignments.of_incidents(tx, [incident.id]),
        deliveries=[deliveries.fact(row) for row in await deliveries.of_incidents(tx, [incident.id])],
    )
    await journal.append(tx, by.stream, now, [journal.Entry(event, seen.concern, incident.id)], actor(by))
    return fact
