"""Taking a wrongly tapped step back: a compensating entry, never a deletion (C: field.md complaint 3)."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.actions.assign import AlreadyCommitted
from app.dispatch.actions.escalate import tell_ladder
from app.dispatch.actions.permission import actor, check_command
from app.dispatch.actions.rungs import begin
from app.dispatch.actions.timers import arm
from app.dispatch.assignment_facts import AssignmentFact
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.settings import DispatchRules
from app.dispatch.store import assignments, incidents, teams
from app.dispatch.tables import ACTIVE_STATES, Assignment, AssignmentStep
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput, NotFound, Refusal


class NothingToUndo(Refusal):
    """The assignment has taken no step that could be taken back."""

    code = "nothing_to_undo"

    def __init__(self) -> None:
        super().__init__("没有可撤回的步骤", "no step that could be taken back")


class UndoTooLate(Refusal):
    """The time in which one's own step is taken back has passed."""

    code = "undo_too_late"

    def __init__(self, minutes: float) -> None:
        super().__init__(
            f"超过 {minutes:g} 分钟,本人不能撤回,请联系值班台更正",
            f"more than {minutes:g} min have passed: ask the desk to put it right",
        )


async def undo(
    tx: Tx, by: Viewer, assignment_id: int, reason: str, now: datetime, rules: DispatchRules
) -> AssignmentFact:
    """Take the last step back: state and times are those before it, the step stays with who undid it and why.

    Who took it may within some minutes; an officer may later, with a reason. Raises NothingToUndo,
    UndoTooLate, AlreadyCommitted when the team was sent elsewhere meanwhile, IllegalStep when the incident
    is closed, NotFound, InvalidInput.
    """
    held = await assignments.locked(tx, by.stream, assignment_id)
    if held is None:
        raise NotFound("该派单", "assignment")
    last = await assignments.last_step(tx, assignment_id)
    await _check_right(tx, by, held, last, reason, now, rules)
    if last is None or held.state != last.to_state:
        raise NothingToUndo
    incident = await incidents.locked(tx, by.stream, held.incident_id)
    assert incident is not None
    if incident.state != "open":
        raise IllegalStep(incident.state, "undo")
    if held.state not in ACTIVE_STATES and last.from_state in ACTIVE_STATES:
        await _check_free(tx, by, held)
    last.undone_at, last.undone_by, last.undone_reason = now, by.name, reason
    held.state = last.from_state
    for milestone in last.milestones:
        setattr(held, milestone, None)
    held.diverted_to_id = None
    if last.reason and held.reason == last.reason:
        held.reason = None
    if held.state == "dispatched":
        await _unanswered(tx, held, now, rules)
    arm(held, now)
    await tell_ladder(tx, held, now, "assignment.undone", actor(by), reason)
    return await assignments.fact(tx, assignment_id)


async def _unanswered(tx: Tx, held: Assignment, now: datetime, rules: DispatchRules) -> None:
    """Let the ladder begin anew: nobody has answered after all."""
    held.answered_by = held.answer_channel = None
    held.acks = []
    held.answer_due_at = now + rules.ladder.answer
    incident = await incidents.locked(tx, held.stream, held.incident_id)
    team = await teams.locked(tx, held.stream, held.team_id)
    if incident is not None and team is not None:
        await begin(tx, incident, team, held, now, rules.ladder)


async def _check_right(
    tx: Tx,
    by: Viewer,
    held: Assignment,
    last: AssignmentStep | None,
    reason: str,
    now: datetime,
    rules: DispatchRules,
) -> None:
    own = last is not None and last.account_id == by.account_id
    if own and last is not None and now - last.entered_at <= rules.undo_within:
        return
    if not by.may("command") and held.team_id in by.team_ids:
        raise UndoTooLate(rules.undo_within.total_seconds() / 60)
    await check_command(tx, by, held)
    if not reason:
        raise InvalidInput(FieldFault("reason", "请填写更正原因", "say why it is put right"))


async def _check_free(tx: Tx, by: Viewer, held: Assignment) -> None:
    team = await teams.locked(tx, held.stream, held.team_id)
    other = await assignments.commitment_of_team(tx, held.team_id)
    if team is not None and other is not None:
        raise AlreadyCommitted(team.name_zh, other, named=other.known_to(by))
