"""What people do to a ladder: go to a chosen rung, stop it with a reason, see where it stands."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.actions.escalate import place_of, tell_ladder
from app.dispatch.actions.permission import actor, assignment_for_command
from app.dispatch.actions.rungs import take
from app.dispatch.assignment_facts import AssignmentFact, AssignmentStepFact
from app.dispatch.commands import RungIn
from app.dispatch.ladder import store
from app.dispatch.ladder.facts import AskedFact, AskedOut, LadderOut, RungOut
from app.dispatch.ladder.means import means_of
from app.dispatch.ladder.rules import Ladder, jump
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.store import assignments, incidents
from app.dispatch.tables import ACTIVE_STATES, Assignment
from app.org.rules.access import Viewer, may_see
from app.org.tables import Team
from app.refusals import FieldFault, InvalidInput, NotFound
from app.wire import Actor


async def go_to_rung(
    tx: Tx, by: Viewer, assignment_id: int, told: RungIn, now: datetime, ladder: Ladder
) -> AssignmentFact:
    """Take a chosen rung at once (O: design/field.md complaint 28); the ladder goes on from there.

    Raises InvalidInput for a rung that is not there, IllegalStep when the assignment is over.
    """
    assignment = await assignment_for_command(tx, by, assignment_id)
    rung = ladder.number(told.rung)
    if rung is None:
        names = "、".join(f"{one.id}({one.name_zh})" for one in ladder.rungs)
        raise InvalidInput(
            FieldFault(
                "rung", f"没有该梯级,可选 {names}", "no such rung: " + ", ".join(r.id for r in ladder.rungs)
            )
        )
    await climb_to(tx, assignment, rung, now, ladder, actor(by), told.reason)
    return await assignments.fact(tx, assignment_id)


async def climb_to(
    tx: Tx, assignment: Assignment, rung: int, now: datetime, ladder: Ladder, who: Actor | None, note: str
) -> None:
    """Take a rung for an assignment whose row is locked. Raises IllegalStep when it is over.

    One that was answered already has no timer: the rung is taken once.
    """
    if assignment.state not in ACTIVE_STATES:
        raise IllegalStep(assignment.state, "escalate")
    incident = await incidents.locked(tx, assignment.stream, assignment.incident_id)
    team = await tx.get(Team, assignment.team_id)
    assert incident is not None and team is not None
    means = await means_of(tx, team, incident, now, ladder)
    assignment.next_step_at = None
    assignment.escalation_stopped_by = assignment.escalation_stopped_reason = None
    await take(
        tx, incident, assignment, jump(ladder, place_of(assignment), rung, means.asks), means, now, ladder
    )
    if assignment.state != "dispatched":
        assignment.next_step_at = None
    await tell_ladder(tx, assignment, now, "assignment.escalated", who, note)


async def stop(tx: Tx, by: Viewer, assignment_id: int, reason: str, now: datetime) -> AssignmentFact:
    """Stop the ladder of an order nobody answers; who and why stand with it. A second stop changes nothing.

    Raises IllegalStep when the order was answered.
    """
    assignment = await assignment_for_command(tx, by, assignment_id)
    if assignment.state != "dispatched":
        raise IllegalStep(assignment.state, "stop_escalation")
    if assignment.escalation_stopped_by is None:
        assignment.next_step_at = None
        assignment.escalation_stopped_by, assignment.escalation_stopped_reason = by.name, reason
        await tell_ladder(tx, assignment, now, "assignment.escalation_stopped", actor(by), reason)
    return await assignments.fact(tx, assignment_id)


async def phones_gone(tx: Tx, team_ids: frozenset[int], now: datetime) -> None:
    """Let the orders of teams whose last phone was logged out go on to the next channel at once."""
    for team_id in sorted(team_ids):
        if not await store.is_listening(tx, team_id, now):
            await assignments.hurry_app_rung(tx, team_id, now)


async def steps_of(tx: Tx, by: Viewer, assignment_id: int) -> list[AssignmentStepFact]:
    """Return every step of an assignment as it was told. Raises NotFound."""
    assignment = await assignments.row(tx, by.stream, assignment_id)
    if assignment is None:
        raise NotFound("该派单", "assignment")
    seen = await incidents.seen(tx, by.stream, assignment.incident_id)
    if assignment.team_id not in by.team_ids and (seen is None or not may_see(by, seen.concern)):
        raise NotFound("该派单", "assignment")
    return await assignments.steps(tx, assignment_id)


async def ladder_of(tx: Tx, by: Viewer, assignment_id: int, ladder: Ladder) -> LadderOut:
    """Return where an order stands and whom to call under which numbers, for who commands it."""
    assignment = await assignment_for_command(tx, by, assignment_id, lock=False)
    called = [AskedFact.model_validate(one) for one in assignment.called]
    numbers = await store.phones(tx, [one.person_id for one in called if one.person_id is not None])
    return LadderOut(
        assignment_id=assignment_id,
        rungs=[
            RungOut(
                id=rung.id,
                name_zh=rung.name_zh,
                name_en=rung.name_en,
                after_s=int(rung.after.total_seconds()),
                reached=n <= assignment.escalation_step,
            )
            for n, rung in enumerate(ladder.rungs)
        ],
        round=assignment.escalation_round,
        next_at=assignment.next_step_at,
        stopped_by=assignment.escalation_stopped_by,
        stopped_reason=assignment.escalation_stopped_reason,
        called=[AskedOut(**one.model_dump(), phones=numbers.get(one.person_id or 0, [])) for one in called],
    )
