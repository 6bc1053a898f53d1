"""Steps of an assignment: by the team itself, by the desk on its behalf, or by a text from afar."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx
from app.delivery import store as deliveries
from app.delivery.actions import move
from app.delivery.facts import DeliveryFact
from app.delivery.rules import CHANNEL_OF_FAMILY
from app.dispatch.actions.permission import actor
from app.dispatch.commands import StepIn, earlier
from app.dispatch.events import AssignmentChanged
from app.dispatch.facts import AssignmentFact
from app.dispatch.rules.steps import IllegalStep, newly_reached, next_assignment_state
from app.dispatch.store import assignments, incidents, teams
from app.dispatch.tables import Assignment, Incident
from app.journal import store as journal
from app.org.rules.access import Viewer
from app.org.store import DeviceFact
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted
from app.wire import Actor

MILESTONE_NAMES = (
    "acknowledged_at",
    "en_route_at",
    "on_scene_at",
    "task_done_at",
    "declined_at",
    "cancelled_at",
)
CLOCK_SLACK = timedelta(minutes=5)  # a handset's clock may be slow
BACKDATE_LIMIT = timedelta(hours=24)  # a phone that was out of reach may tell late, not invent history


async def step(tx: Tx, by: Viewer, assignment_id: int, told: StepIn, now: datetime) -> AssignmentFact:
    """Take one step for one's own team, or on a team's behalf as an officer (channel and reason kept).

    Raises IllegalStep, NotFound, NotPermitted, InvalidInput.
    """
    assignment = await assignments.locked(tx, by.stream, assignment_id)
    if assignment is None:
        raise NotFound("该派单", "assignment")
    await _check_right(tx, by, assignment, told)
    if told.step in ("decline", "cancel") and not told.reason:
        raise InvalidInput(FieldFault("reason", "请填写原因", "say why"))
    happened_at = earlier(told.happened_at, now)
    reached = [at for m in MILESTONE_NAMES if (at := getattr(assignment, m)) is not None]
    happened_at = max(happened_at, assignment.assigned_at, now - BACKDATE_LIMIT, *reached)
    _apply(assignment, told.step, happened_at, by.name, told.channel, told.reason)
    return await tell_step(tx, assignment, now, actor(by))


async def answer_by_text(tx: Tx, device: DeviceFact, answer: str, now: datetime, sent_at: datetime) -> bool:
    """Let a text from a team's device move the team's assignment; False if there is nothing to move.

    One written before the order was given answers an older one: it may have lain on a gateway's disk for
    hours. The caller holds the device's lock.
    """
    if device.team_id is None:
        return False
    assignment_id = await assignments.active_id_of_team(tx, device.team_id)
    if assignment_id is None:
        return False
    assignment = await assignments.locked(tx, device.stream, assignment_id)
    if assignment is None or sent_at + CLOCK_SLACK < assignment.assigned_at:
        return False
    who = device.holder_name or device.label
    try:
        _apply(assignment, answer, now, who, CHANNEL_OF_FAMILY[device.family], "")
    except IllegalStep:  # a repeated "1" says nothing new
        return False
    await tell_step(tx, assignment, now, None)
    return True


def _apply(assignment: Assignment, name: str, at: datetime, who: str, channel: str, reason: str) -> None:
    state = next_assignment_state(assignment.state, name)
    known = {m: getattr(assignment, m) for m in MILESTONE_NAMES}
    for milestone, instant in newly_reached(state, known, at).items():
        setattr(assignment, milestone, instant)
    if assignment.answered_by is None and name != "cancel":
        assignment.answered_by, assignment.answer_channel = who, channel
    assignment.state = state
    assignment.next_step_at = None
    if reason:
        assignment.reason = reason


async def tell_step(tx: Tx, assignment: Assignment, now: datetime, who: Actor | None) -> AssignmentFact:
    """Stop what is still on its way, write the row, put the step into the journal."""
    stopped = await _stop_messages(tx, assignment, now)
    await tx.flush()
    assert assignment.id is not None
    fact = await assignments.fact(tx, assignment.id)
    event = AssignmentChanged(
        type=f"assignment.{assignment.state}",
        assignment=fact,
        deliveries=stopped,
    )
    seen = await incidents.seen(tx, assignment.stream, assignment.incident_id)
    assert seen is not None
    entry = journal.Entry(event, seen.concern, assignment.incident_id)
    await journal.append(tx, assignment.stream, now, [entry], who)
    return fact


async def _stop_messages(tx: Tx, assignment: Assignment, now: datetime) -> list[DeliveryFact]:
    stopped = []
    assert assignment.id is not None
    for row in await deliveries.unended_of_assignment(tx, assignment.id):
        if row.state in ("submitted", "accepted"):  # in the air: hear its feedback, never send it again
            row.expires_at = min(row.expires_at, now)
            stopped.append(deliveries.fact(row))
            continue
        # An app message that was answered has evidently been read, whatever the receipt says.
        answered = row.channel == "app" and assignment.answer_channel == "app"
        if move(row, "deliver" if answered else "cancel", now):
            stopped.append(deliveries.fact(row))
    return stopped


async def _check_right(tx: Tx, by: Viewer, assignment: Assignment, told: StepIn) -> None:
    """Let a responder step for the own team but not cancel, an officer step for any team in scope."""
    if assignment.team_id in by.team_ids and told.step != "cancel":
        return
    if not by.may("command"):
        if assignment.team_id in by.team_ids:
            raise NotPermitted
        raise NotFound("该派单", "assignment")
    incident = await incidents.locked(tx, by.stream, assignment.incident_id)
    team = await teams.fact(tx, assignment.team_id)
    if incident is None or not (by.covers(incident.region_code) or by.covers(team.region_code)):
        raise NotFound("该派单", "assignment")
    if not _may_know(by, incident):
        raise NotFound("该派单", "assignment")


def _may_know(by: Viewer, incident: Incident) -> bool:
    if incident.readers:
        return by.is_named(incident.readers)
    return by.may("see_restricted") or not incident.restricted
