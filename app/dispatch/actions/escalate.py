"""Silence is a fact too: the next channel, then the leader's board."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx
from app.delivery import store as deliveries
from app.delivery.rules import Limits, rung_after
from app.dispatch.actions.assign import leaders_of, post, reach_of
from app.dispatch.events import AssignmentChanged
from app.dispatch.store import assignments, incidents
from app.dispatch.tables import Assignment
from app.duty.ownership.store import centre_owner_at
from app.journal import store as journal

AGAIN_AFTER = timedelta(seconds=30)


class Stuck(Exception):
    """An assignment's next rung could not be taken; the cause is chained."""

    def __init__(self, assignment_id: int) -> None:
        super().__init__(f"assignment {assignment_id}")
        self.assignment_id = assignment_id


async def escalate_one(tx: Tx, now: datetime, limits: Limits) -> bool:
    """Take the next rung for one assignment whose timer has run out; False if none is due.

    The timer is a column, the row is locked: it survives restarts and is never taken twice. Raises Stuck
    when the rung cannot be taken: the caller puts it off, for the others' sake.
    """
    assignment = await assignments.due(tx, now)
    if assignment is None:
        return False
    assignment_id = assignment.id or 0
    try:
        await _escalate(tx, assignment, now, limits)
    except Exception as error:
        raise Stuck(assignment_id) from error
    return True


async def put_off(tx: Tx, assignment_id: int, now: datetime) -> None:
    """Try a rung that could not be taken again half a minute later."""
    await assignments.put_off(tx, assignment_id, now, now + AGAIN_AFTER)


async def _escalate(tx: Tx, assignment: Assignment, now: datetime, limits: Limits) -> None:
    reach = await reach_of(tx, assignment.team_id)
    rung = rung_after(assignment.escalation_step, reach, assignment.assigned_at, limits)
    if assignment.state != "dispatched" or rung is None:
        assignment.next_step_at = None
        return
    incident = await incidents.locked(tx, assignment.stream, assignment.incident_id)
    assert incident is not None
    await post(tx, incident, assignment, rung, now)
    assignment.escalation_step = rung.step
    following = rung_after(rung.step, reach, assignment.assigned_at, limits)
    assignment.next_step_at = following.at if following else None
    if rung.kind == "leader":
        assignment.leader_alerted_at = now
        assignment.called = await leaders_of(tx, incident, now)
    await _tell(tx, assignment, now)


async def _tell(tx: Tx, assignment: Assignment, now: datetime) -> None:
    await tx.flush()
    assert assignment.id is not None
    seen = await incidents.seen(tx, assignment.stream, assignment.incident_id)
    assert seen is not None
    rows = await deliveries.of_incidents(tx, [assignment.incident_id])
    event = AssignmentChanged(
        type="assignment.escalated",
        assignment=await assignments.fact(tx, assignment.id),
        deliveries=[deliveries.fact(row) for row in rows if row.assignment_id == assignment.id],
        owner=await centre_owner_at(tx, assignment.stream, now),
    )
    entry = journal.Entry(event, seen.concern, assignment.incident_id)
    await journal.append(tx, assignment.stream, now, [entry])
