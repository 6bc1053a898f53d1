"""Silence is a fact too: the next rung of the ladder, up to the leader, again and again until an answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from app.db import Tx
from app.delivery import store as deliveries
from app.dispatch.actions.rungs import hold, take
from app.dispatch.events import AssignmentChanged
from app.dispatch.ladder.holds import MAINTENANCE, Hold, held_by_rules, held_by_rung
from app.dispatch.ladder.means import Means, means_of
from app.dispatch.ladder.rules import Ladder, Place, Rung, climb
from app.dispatch.settings import DispatchRules
from app.dispatch.store import assignments, incidents
from app.dispatch.tables import Assignment
from app.duty.ownership.store import centre_owner_at
from app.journal import store as journal
from app.org.tables import Team
from app.wire import Actor

log = structlog.get_logger()
AGAIN_AFTER = timedelta(seconds=30)


class Stuck(Exception):
    """An assignment's next rung could not be taken; the cause is chained."""

    def __init__(self, assignment_id: int) -> None:
        super().__init__(f"assignment {assignment_id}")
        self.assignment_id = assignment_id


async def escalate_one(tx: Tx, now: datetime, rules: DispatchRules) -> bool:
    """Take the next rung for one assignment whose timer has run out; False if none is due.

    The timer is a column, the row is locked: it survives restarts and is never taken twice. Raises Stuck
    when the rung cannot be taken: the caller puts it off, for the others' sake.
    """
    assignment = await assignments.due(tx, now)
    if assignment is None:
        return False
    assignment_id = assignment.id or 0
    try:
        await _escalate(tx, assignment, now, rules.ladder)
    except Exception as error:
        raise Stuck(assignment_id) from error
    return True


async def put_off(tx: Tx, assignment_id: int, now: datetime) -> None:
    """Try a rung that could not be taken again half a minute later."""
    await assignments.put_off(tx, assignment_id, now, now + AGAIN_AFTER)


async def _escalate(tx: Tx, assignment: Assignment, now: datetime, ladder: Ladder) -> None:
    incident = await incidents.locked(tx, assignment.stream, assignment.incident_id)
    team = await tx.get(Team, assignment.team_id)
    assert incident is not None and team is not None
    means = await means_of(tx, team, incident, now, ladder)
    step = climb(ladder, place_of(assignment), means.asks)
    if assignment.state != "dispatched" or step is None:
        assignment.next_step_at = None
        return
    why = await _held(tx, assignment, ladder.rungs[step.place.rung], means, now, ladder)
    if why is not None:
        known = assignment.escalation_held
        hold(assignment, why)
        if known != why.code:  # told once, however often it is looked at again
            log.warning("ladder_held", assignment=assignment.id, why=why.code)
            await tell_ladder(tx, assignment, now, "assignment.escalation_held", note=why.zh)
        return
    await take(tx, incident, assignment, step, means, now, ladder)
    await tell_ladder(tx, assignment, now, "assignment.escalated")


async def _held(
    tx: Tx, assignment: Assignment, rung: Rung, means: Means, now: datetime, ladder: Ladder
) -> Hold | None:
    if means.off:
        return MAINTENANCE
    unknown = held_by_rules(ladder, place_of(assignment), assignment.escalation_rung)
    alarms = 0
    if rung.storm is not None:
        alarms = await incidents.alarms_since(tx, assignment.incident_id, now - rung.storm.within)
    return unknown or held_by_rung(ladder, rung, now, alarms)


def place_of(assignment: Assignment) -> Place:
    """Return where an order stands on its ladder."""
    return Place(assignment.escalation_step, assignment.escalation_taken, assignment.escalation_round)


async def tell_ladder(
    tx: Tx, assignment: Assignment, now: datetime, event_type: str, who: Actor | None = None, note: str = ""
) -> None:
    """Put what the ladder did into the journal, addressed to the desk's owner. The last call."""
    assignment.version += 1
    await tx.flush()
    assert assignment.id is not None
    seen = await incidents.seen(tx, assignment.stream, assignment.incident_id)
    assert seen is not None
    rows = await deliveries.of_incidents(tx, [assignment.incident_id])
    event = AssignmentChanged(
        type=event_type,
        assignment=await assignments.fact(tx, assignment.id),
        deliveries=[deliveries.fact(row) for row in rows if row.assignment_id == assignment.id],
        owner=await centre_owner_at(tx, assignment.stream, now),
        note=note,
    )
    entry = journal.Entry(event, seen.concern, assignment.incident_id)
    await journal.append(tx, assignment.stream, now, [entry], who)
