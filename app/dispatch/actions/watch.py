"""The second timer of an assignment: acknowledgements that lapse or are missing, the safety clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx
from app.dispatch.actions.escalate import Stuck, tell_ladder
from app.dispatch.actions.permission import actor, check_command
from app.dispatch.actions.rungs import begin, call, post
from app.dispatch.actions.timers import acks_missing, depart_reminder_at, set_watch, terms_of
from app.dispatch.assignment_facts import AssignmentFact
from app.dispatch.ladder.facts import AskedFact
from app.dispatch.ladder.means import Means, means_of
from app.dispatch.rules import safety
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.settings import DispatchRules
from app.dispatch.store import assignments, incidents
from app.dispatch.tables import Assignment, Incident
from app.org.rules.access import Viewer
from app.org.tables import Team
from app.refusals import NotFound
from app.wire import Actor


async def watch_one(tx: Tx, now: datetime, rules: DispatchRules) -> bool:
    """Do what is due of one assignment's second timer; False if none is. Raises Stuck."""
    assignment = await assignments.due_watch(tx, now)
    if assignment is None:
        return False
    assignment_id = assignment.id or 0
    try:
        await _look(tx, assignment, now, rules)
    except Exception as error:
        raise Stuck(assignment_id) from error
    return True


async def _look(tx: Tx, assignment: Assignment, now: datetime, rules: DispatchRules) -> None:
    incident = await incidents.locked(tx, assignment.stream, assignment.incident_id)
    team = await tx.get(Team, assignment.team_id)
    assert incident is not None and team is not None
    means = await means_of(tx, team, incident, now, rules.ladder)
    if assignment.depart_due_at is not None and assignment.depart_due_at <= now:
        told = await _late(tx, incident, team, assignment, means, now, rules)
    elif assignment.remind_at is not None and assignment.remind_at <= now:
        told = await _remind(tx, incident, assignment, means, now, rules)
    else:
        told = _safety(assignment, means, now)
    set_watch(assignment)
    if told:
        await tell_ladder(tx, assignment, now, told)


async def _late(
    tx: Tx,
    incident: Incident,
    team: Team,
    assignment: Assignment,
    means: Means,
    now: datetime,
    rules: DispatchRules,
) -> str:
    """Ask a team that has not departed; without a sign its acknowledgement lapses (O: field.md E7)."""
    if not assignment.depart_reminded:
        assignment.depart_reminded = True
        assignment.depart_due_at = now + timedelta(seconds=terms_of(assignment).confirm_within_s)
        await _notify(tx, incident, assignment, means, now)
        return "assignment.depart_reminded"
    assignment.depart_due_at, assignment.depart_reminded = None, False
    assignment.state, assignment.acknowledged_at = "dispatched", None
    assignment.answered_by = assignment.answer_channel = None
    assignment.acks, assignment.remind_at = [], None
    assignment.answer_due_at = now + rules.ladder.answer
    await begin(tx, incident, team, assignment, now, rules.ladder)
    return "assignment.ack_expired"


async def _remind(
    tx: Tx, incident: Incident, assignment: Assignment, means: Means, now: datetime, rules: DispatchRules
) -> str:
    """Go on telling those who have not acknowledged, until each has (G: field.md E8)."""
    assignment.remind_at = now + rules.remind_every
    await _notify(tx, incident, assignment, means, now)
    given = {one["person_id"] for one in assignment.acks}
    missing = tuple(
        AskedFact(
            person_id=one["person_id"],
            name=one["name"],
            capacity="named",
            rung="",
            asked_at=now,
            why_zh="须本人确认,尚未确认",
            why_en="has to acknowledge in person and has not",
        )
        for one in assignment.ack_people
        if one["person_id"] not in given
    )
    call(assignment, "acks", missing, now)
    return "assignment.ack_reminded"


async def _notify(tx: Tx, incident: Incident, assignment: Assignment, means: Means, now: datetime) -> None:
    if means.listening:
        await post(tx, incident, assignment, None, now)
    if means.devices:
        await post(tx, incident, assignment, means.devices[0], now)


def _safety(assignment: Assignment, means: Means, now: datetime) -> str:
    """Bring the safety clock to its present stage; when nobody cared for it the leaders are called."""
    if assignment.safety_since is None:
        return ""
    stage = safety.stage_at(assignment.safety_since, now, terms_of(assignment))
    if stage == assignment.safety_stage:
        return ""
    assignment.safety_stage = stage
    if stage == "leader":
        call(assignment, "safety", means.people["leader"], now)
        assignment.leader_alerted_at = assignment.leader_alerted_at or now
    return f"assignment.safety_{stage}"


async def keep(tx: Tx, by: Viewer, assignment_id: int, channel: str, now: datetime) -> AssignmentFact:
    """Note that a team that acknowledged still comes: it is asked again later. IllegalStep, NotFound."""
    assignment = await _own_or_commanded(tx, by, assignment_id)
    if assignment.depart_due_at is None:
        raise IllegalStep(assignment.state, "confirm")
    assignment.depart_reminded = False
    assignment.depart_due_at = depart_reminder_at(terms_of(assignment), now)
    set_watch(assignment)
    await tell_ladder(tx, assignment, now, "assignment.kept", actor(by), f"{by.name}({channel})")
    return await assignments.fact(tx, assignment_id)


async def confirm_safe(tx: Tx, by: Viewer, assignment_id: int, channel: str, now: datetime) -> AssignmentFact:
    """Note that everybody of a team on scene is safe: its clock begins anew. Raises IllegalStep, NotFound."""
    assignment = await _own_or_commanded(tx, by, assignment_id)
    await note_safe(tx, assignment, by.name, channel, now, actor(by))
    return await assignments.fact(tx, assignment_id)


async def note_safe(
    tx: Tx, assignment: Assignment, who: str, channel: str, now: datetime, by: Actor | None
) -> None:
    """Let the safety clock of a locked assignment begin anew. Raises IllegalStep where none runs."""
    if assignment.safety_since is None:
        raise IllegalStep(assignment.state, "confirm_safe")
    assignment.safety_since, assignment.safety_stage = now, "running"
    assignment.safety_confirmed_at = now
    assignment.safety_confirmed_by, assignment.safety_confirmed_channel = who, channel
    set_watch(assignment)
    await tell_ladder(tx, assignment, now, "assignment.safety_confirmed", by)


async def _own_or_commanded(tx: Tx, by: Viewer, assignment_id: int) -> Assignment:
    assignment = await assignments.locked(tx, by.stream, assignment_id)
    if assignment is None:
        raise NotFound("该派单", "assignment")
    if assignment.team_id not in by.team_ids:
        await check_command(tx, by, assignment)
    return assignment


def first_reminder(assignment: Assignment, now: datetime, rules: DispatchRules) -> None:
    """Begin to remind those who have not acknowledged, once the first has."""
    if acks_missing(assignment) and assignment.remind_at is None:
        assignment.remind_at = now + rules.remind_every
