"""Steps of an assignment: by the team itself, by the desk on its behalf, or by a text from afar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.db import Tx
from app.delivery import store as deliveries
from app.delivery.actions import move
from app.delivery.facts import DeliveryFact
from app.delivery.rules import CHANNEL_OF_FAMILY
from app.dispatch.actions.climb import climb_to
from app.dispatch.actions.permission import actor, check_command
from app.dispatch.actions.timers import acks_missing, arm, terms_of
from app.dispatch.actions.watch import first_reminder, note_safe
from app.dispatch.assignment_facts import AckFact, AssignmentFact
from app.dispatch.commands import StepIn, earlier
from app.dispatch.events import AssignmentChanged
from app.dispatch.rules.steps import IllegalStep, newly_reached, next_assignment_state
from app.dispatch.settings import DispatchRules, shipped
from app.dispatch.store import assignments, incidents
from app.dispatch.tables import ACTIVE_STATES, Assignment, AssignmentStep
from app.journal import store as journal
from app.org.rules.access import Viewer
from app.org.store import DeviceFact
from app.refusals import FieldFault, InvalidInput, NotFound
from app.wire import Actor

MILESTONE_NAMES = (
    "acknowledged_at",
    "en_route_at",
    "on_scene_at",
    "task_done_at",
    "returned_at",
    "declined_at",
    "cancelled_at",
)
_ANSWERED = frozenset(ACTIVE_STATES) - {"dispatched"}
CLOCK_SLACK = timedelta(minutes=5)  # a handset's clock may be slow
BACKDATE_LIMIT = timedelta(hours=24)  # a phone that was out of reach may tell late, not invent history


async def step(
    tx: Tx,
    by: Viewer,
    assignment_id: int,
    told: StepIn,
    now: datetime,
    rules: DispatchRules | None = None,
) -> AssignmentFact:
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
    proxy = assignment.team_id not in by.team_ids
    said = Said(
        told.step,
        happened_at,
        min(now, max(happened_at, told.told_at or now)),
        by.name,
        told.channel,
        told.reason,
        account_id=by.account_id,
        proxy=proxy,
        person_id=told.person_id if proxy else by.person_id,
    )
    if told.step == "acknowledge" and assignment.state in _ANSWERED and acks_missing(assignment):
        return await _acknowledge_too(tx, assignment, said, now, actor(by), rules or shipped())
    take_step(tx, assignment, said, now, rules)
    return await tell_step(tx, assignment, now, actor(by))


@dataclass(frozen=True, slots=True)
class Said:
    """A step as it was told: by whom, through what, for whom; three times with the entry's."""

    step: str
    happened_at: datetime
    told_at: datetime
    who: str
    channel: str
    reason: str = ""
    account_id: int | None = None
    proxy: bool = False
    person_id: int | None = None


async def answer_by_text(
    tx: Tx,
    device: DeviceFact,
    answer: str,
    now: datetime,
    sent_at: datetime,
    rules: DispatchRules | None = None,
) -> bool:
    """Let a text from a team's device move the team's assignment; False if there is nothing to move.

    "escalate" asks for the leader from the field (G: design/field.md complaint 28).

    One written before the order was given answers an older one: it may have lain on a gateway's disk for
    hours. The caller holds the device's lock.
    """
    if device.team_id is None:
        return False
    find = assignments.returning_id_of_team if answer == "return" else assignments.active_id_of_team
    assignment_id = await find(tx, device.team_id)
    if assignment_id is None:
        return False
    assignment = await assignments.locked(tx, device.stream, assignment_id)
    if assignment is None or sent_at + CLOCK_SLACK < assignment.assigned_at:
        return False
    who = device.holder_name or device.label
    if answer == "escalate":
        ladder = (rules or shipped()).ladder
        await climb_to(tx, assignment, ladder.top, now, ladder, None, f"{who}要求升级")
        return True
    channel = CHANNEL_OF_FAMILY[device.family]
    said = Said(answer, now, now, who, channel, person_id=_named(assignment, who))
    try:
        if answer == "safe":
            await note_safe(tx, assignment, who, channel, now, None)
            return True
        if answer == "acknowledge" and assignment.state in _ANSWERED and acks_missing(assignment):
            await _acknowledge_too(tx, assignment, said, now, None, rules or shipped())
            return True
        take_step(tx, assignment, said, now, rules)
    except IllegalStep:  # a repeated "1" says nothing new
        return False
    await tell_step(tx, assignment, now, None)
    return True


def take_step(
    tx: Tx, assignment: Assignment, said: Said, now: datetime, rules: DispatchRules | None = None
) -> None:
    """Take a step on a locked row and write it down as it was told. Raises IllegalStep."""
    chain = terms_of(assignment).steps
    before, state = assignment.state, next_assignment_state(assignment.state, said.step, chain)
    known = {m: getattr(assignment, m) for m in MILESTONE_NAMES}
    reached = newly_reached(state, known, said.happened_at, chain)
    for milestone, instant in reached.items():
        setattr(assignment, milestone, instant)
    if assignment.answered_by is None and said.step != "cancel":
        assignment.answered_by, assignment.answer_channel = said.who, said.channel
    if before == "dispatched" and said.step not in ("decline", "cancel"):
        _acknowledged(assignment, said)
        first_reminder(assignment, now, rules or shipped())
    assignment.state = state
    assignment.next_step_at = None
    if said.reason:
        assignment.reason = said.reason
    arm(assignment, now)
    assert assignment.id is not None
    tx.add(
        AssignmentStep(
            assignment_id=assignment.id,
            step=said.step,
            from_state=before,
            to_state=state,
            milestones=sorted(reached),
            happened_at=said.happened_at,
            told_at=said.told_at,
            entered_at=now,
            account_id=said.account_id,
            by_name=said.who,
            channel=said.channel,
            proxy=said.proxy,
            reason=said.reason,
        )
    )


def _acknowledged(assignment: Assignment, said: Said) -> bool:
    """Write an acknowledgement down; False if this one was given before."""
    key = said.person_id if said.person_id is not None else said.who
    if key in {one["person_id"] if one["person_id"] is not None else one["name"] for one in assignment.acks}:
        return False
    named = next((p["name"] for p in assignment.ack_people if p["person_id"] == said.person_id), said.who)
    ack = AckFact(person_id=said.person_id, name=named, channel=said.channel, at=said.happened_at)
    assignment.acks = [*assignment.acks, ack.model_dump(mode="json")]
    return True


def _named(assignment: Assignment, who: str) -> int | None:
    """Return the person an order names whose device this is."""
    return next((one["person_id"] for one in assignment.ack_people if one["name"] == who), None)


async def _acknowledge_too(
    tx: Tx, assignment: Assignment, said: Said, now: datetime, who: Actor | None, rules: DispatchRules
) -> AssignmentFact:
    """Take in one acknowledgement more of an order that wants several. IllegalStep for a repeated one."""
    if not _acknowledged(assignment, said):
        raise IllegalStep(assignment.state, said.step)
    first_reminder(assignment, now, rules)
    arm(assignment, now)
    return await tell_step(tx, assignment, now, who, "assignment.acked", said.reason)


async def tell_step(
    tx: Tx,
    assignment: Assignment,
    now: datetime,
    who: Actor | None,
    event_type: str | None = None,
    note: str = "",
) -> AssignmentFact:
    """Stop what is still on its way, write the row, put the step into the journal."""
    fact, entry = await step_entry(tx, assignment, now, event_type, note)
    await journal.append(tx, assignment.stream, now, [entry], who)
    return fact


async def step_entry(
    tx: Tx, assignment: Assignment, now: datetime, event_type: str | None = None, note: str = ""
) -> tuple[AssignmentFact, journal.Entry]:
    """Stop what is on its way and write the row; return what the journal is to say of it.

    While others of several still have to acknowledge, what is on its way to them goes on.
    """
    assignment.version += 1
    waits = assignment.state in ACTIVE_STATES and acks_missing(assignment)
    stopped = [] if waits else await _stop_messages(tx, assignment, now)
    await tx.flush()
    assert assignment.id is not None
    fact = await assignments.fact(tx, assignment.id)
    event = AssignmentChanged(
        type=event_type or f"assignment.{assignment.state}", assignment=fact, deliveries=stopped, note=note
    )
    seen = await incidents.seen(tx, assignment.stream, assignment.incident_id)
    assert seen is not None
    return fact, journal.Entry(event, seen.concern, assignment.incident_id)


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
    await check_command(tx, by, assignment)
