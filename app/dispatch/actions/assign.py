"""Send a team (派单): assignment, outgoing messages and journal entry in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.delivery import store as deliveries
from app.dispatch.actions.answer import Said, step_entry, take_step
from app.dispatch.actions.permission import (
    actor,
    assignment_for_command,
    incident_for_command,
)
from app.dispatch.actions.rungs import OrderWords, ask_all, mark, start
from app.dispatch.assignment_facts import AssignmentFact
from app.dispatch.commands import AssignIn, ReplaceIn
from app.dispatch.events import AssignmentDispatched
from app.dispatch.exercise import store as parties
from app.dispatch.exercise.apart import PAUSED
from app.dispatch.places.figures import with_place
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.settings import DispatchRules
from app.dispatch.store import assignments, incidents, teams
from app.dispatch.store.assignments import Commitment
from app.dispatch.store.incidents import IncidentSeen
from app.dispatch.tables import Assignment, Incident
from app.journal import store as journal
from app.new_row import made
from app.org import store as org
from app.org.rules.access import Viewer
from app.org.tables import Team
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted, Refusal


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


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a team goes: incident and team, both locked, and what holds the team now."""

    incident: Incident
    team: Team
    held: Commitment | None


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was written: the assignment, and the incident as it then was."""

    seen: IncidentSeen
    assignment: Assignment


async def assign(
    tx: Tx, by: Viewer, incident_id: int, order: AssignIn, now: datetime, rules: DispatchRules
) -> AssignmentFact:
    """Send one team to an incident and start the clock of its answer.

    The team's row is locked first: of two officers who send one team in the same instant exactly one
    succeeds. A team that is at this incident already stays as it is. One that is committed elsewhere is
    diverted only when the order names the assignment it leaves; who replaces it there is sent with it, or
    nothing is. From a drill it goes to what is in earnest without that.

    Raises AlreadyCommitted, IllegalStep when the incident is closed, NotFound, NotPermitted, InvalidInput.
    """
    await _lock_diversion(tx, by, incident_id, order)
    place = await _place(tx, by, incident_id, order, now)
    held = place.held
    if held and held.incident_id == incident_id:
        return await assignments.fact(tx, held.assignment_id)
    left: list[journal.Entry] = []
    if held:
        left.append(await leave(tx, by, held.assignment_id, place.incident, now))
    elif order.replacement:
        raise InvalidInput(
            FieldFault(
                "replacement",
                "该队伍已不在原任务上,无需补派,请重新查看",
                "the team has left its task already: nothing to replace, look again",
            )
        )
    sent = await _send(tx, by, place, order, now, rules, diverted_from=held)
    replaced = None
    if held and order.replacement:
        replaced = await _replace(tx, by, held, order.replacement, now, rules)
    fact, entry = await _told(tx, sent)
    entries = [*left, entry]
    if replaced:
        entries.append((await _told(tx, replaced))[1])
    await journal.append(tx, by.stream, now, entries, actor(by))
    return fact


async def _lock_diversion(tx: Tx, by: Viewer, incident_id: int, order: AssignIn) -> None:
    """Lock what a diversion touches in the one order that every action keeps.

    The assignment before its incident, as a step does; incidents and teams by their ids: two diversions
    that cross wait for each other instead of both failing. Whether they are allowed is decided afterwards.
    """
    if order.divert_from is None:
        return
    left = await assignments.locked(tx, by.stream, order.divert_from)
    for one in sorted({incident_id, left.incident_id if left else incident_id}):
        await incidents.locked(tx, by.stream, one)
    replacement = order.replacement.team_id if order.replacement else order.team_id
    for one in sorted({order.team_id, replacement}):
        await teams.locked(tx, by.stream, one)


async def _place(tx: Tx, by: Viewer, incident_id: int, order: AssignIn, now: datetime) -> _Place:
    """Return incident and team, both locked, and what holds the team, which may be sent there."""
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state != "open":
        raise IllegalStep(incident.state, "assign")
    team = await teams.locked(tx, by.stream, order.team_id)
    if team is None:
        raise NotFound("该队伍", "team")
    if not by.covers(team.region_code):
        raise NotPermitted
    await parties.check_asked(tx, incident.drill_id, now, teams=[order.team_id])
    held = await assignments.commitment_of_team(tx, order.team_id)
    elsewhere = held is not None and held.incident_id != incident_id
    freed = held is not None and held.drill and incident.drill_id is None  # nobody has to confirm that
    if held and elsewhere and not freed and order.divert_from != held.assignment_id:
        raise AlreadyCommitted(team.name_zh, held, named=held.known_to(by))
    return _Place(incident, team, held)


async def _replace(
    tx: Tx, by: Viewer, left: Commitment, told: ReplaceIn, now: datetime, rules: DispatchRules
) -> _Sent:
    """Send a team in place of the one that left. Raises AlreadyCommitted when it is out, wherever."""
    order = AssignIn(team_id=told.team_id, text=told.text, rank_when_assigned=told.rank_when_assigned)
    place = await _place(tx, by, left.incident_id, order, now)
    if place.held:
        raise AlreadyCommitted(place.team.name_zh, place.held, named=place.held.known_to(by))
    return await _send(tx, by, place, order, now, rules, replaces=left)


async def _send(
    tx: Tx,
    by: Viewer,
    place: _Place,
    order: AssignIn,
    now: datetime,
    rules: DispatchRules,
    *,
    diverted_from: Commitment | None = None,
    replaces: Commitment | None = None,
) -> _Sent:
    """Write assignment and messages. All is read before the first row is written, and each thing once."""
    incident, team = place.incident, place.team
    assert incident.id is not None
    assignment = await _order(tx, by, order, incident, team, now, rules)
    assignment.diverted_from_id = diverted_from.assignment_id if diverted_from else None
    assignment.replaces_id = replaces.assignment_id if replaces else None
    means, first = await start(tx, incident, team, assignment, now, rules.ladder)
    if first is not None:
        mark(assignment, first, means, now, rules.ladder)
    seen = await incidents.widen(tx, incident, team.region_code, assignment)
    if first is not None:
        about = OrderWords(seen.fact.region_path + seen.fact.address, seen.fact.event_name_zh)
        await ask_all(tx, incident, assignment, first.asks, means, now, about)
    return _Sent(seen, assignment)


async def leave(tx: Tx, by: Viewer, assignment_id: int, towards: Incident, now: datetime) -> journal.Entry:
    """Take a team away from where it is, for another incident; return what the journal says there.

    From a drill anybody takes it who may send it in earnest, and it is told that the drill is over for it.

    Raises NotFound or NotPermitted when this person does not command what the team leaves.
    """
    held = await assignments.locked(tx, by.stream, assignment_id)
    freed = held is not None and held.drill and towards.drill_id is None
    before = held if held and freed else await assignment_for_command(tx, by, assignment_id)
    why = f"{PAUSED},改派至 {towards.number}" if freed else f"改派至 {towards.number}"
    said = Said("cancel", now, now, by.name, "app", why, account_id=by.account_id, proxy=True)
    take_step(tx, before, said, now)
    before.diverted_to_id = towards.id
    _, entry = await step_entry(tx, before, now)
    return entry


async def _order(
    tx: Tx, by: Viewer, order: AssignIn, incident: Incident, team: Team, now: datetime, rules: DispatchRules
) -> Assignment:
    named = await org.names(tx, order.ack_people)
    if missing := [person for person in order.ack_people if person not in named]:
        raise InvalidInput(
            FieldFault("ack_people", f"没有人员 {missing[0]}", f"no such person: {missing[0]}")
        )
    people = [{"person_id": person, "name": named[person]} for person in dict.fromkeys(order.ack_people)]
    terms = rules.terms(team.kind, now)
    if order.check_in_min is not None:
        terms = terms.model_copy(update={"safety_every_s": order.check_in_min * 60})
    return made(
        Assignment,
        stream=by.stream,
        incident_id=incident.id or 0,
        team_id=order.team_id,
        text=with_place(order.text, incident),
        rank_when_assigned=order.rank_when_assigned,
        assigned_by=by.name,
        assigned_at=now,
        answer_due_at=now + rules.ladder.answer,
        escalation_began_at=now,
        terms=terms.model_dump(mode="json"),
        acks_required=len(people) or order.acks_required,
        ack_people=people,
    )


async def _told(tx: Tx, sent: _Sent) -> tuple[AssignmentFact, journal.Entry]:
    seen, assignment = sent.seen, sent.assignment
    of_it = await assignments.of_incidents(tx, [assignment.incident_id])
    fact = next(one for one in of_it if one.id == assignment.id)
    event = AssignmentDispatched(
        type="assignment.dispatched",
        assignment=fact,
        incident=seen.fact,
        assignments=of_it,
        deliveries=await deliveries.facts_of_incident(tx, assignment.incident_id),
    )
    return fact, journal.Entry(event, seen.concern, assignment.incident_id)
