"""Setting the clocks of an assignment when its state changes: lapse, reminders, safety."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.dispatch.rules import safety
from app.dispatch.tables import ACTIVE_STATES, Assignment
from app.dispatch.terms import TermsFact


def terms_of(assignment: Assignment) -> TermsFact:
    """Return the terms an order was given under."""
    return TermsFact.model_validate(assignment.terms)


def acks_missing(assignment: Assignment) -> int:
    """Return how many acknowledgements an order still waits for: of named people each, else of anybody."""
    if assignment.ack_people:
        given = {one["person_id"] for one in assignment.acks}
        return sum(one["person_id"] not in given for one in assignment.ack_people)
    return max(0, assignment.acks_required - len(assignment.acks))


def arm(assignment: Assignment, now: datetime) -> None:
    """Set what the new state of an assignment asks for and stop what it ends."""
    terms = terms_of(assignment)
    waits = assignment.state == "acknowledged" and terms.depart_within_s is not None
    if not waits:
        assignment.depart_due_at, assignment.depart_reminded = None, False
    elif assignment.depart_due_at is None:
        assignment.depart_due_at = depart_reminder_at(terms, now)
    if assignment.state not in ACTIVE_STATES or not acks_missing(assignment):
        assignment.remind_at = None
    on_scene = assignment.state == "on_scene" and terms.safety_every_s is not None
    if not on_scene:
        assignment.safety_since, assignment.safety_stage = None, ""
    elif assignment.safety_since is None:
        assignment.safety_since, assignment.safety_stage = assignment.on_scene_at or now, "running"
    set_watch(assignment)


def depart_reminder_at(terms: TermsFact, now: datetime) -> datetime:
    """Return when a team that has not departed is asked: some minutes before its acknowledgement lapses."""
    assert terms.depart_within_s is not None
    return now + timedelta(seconds=max(60, terms.depart_within_s - terms.confirm_within_s))


def set_watch(assignment: Assignment) -> None:
    """Set the second timer to the earliest of what is waited for."""
    waiting = [assignment.depart_due_at, assignment.remind_at, _safety_look(assignment)]
    assignment.watch_at = min((at for at in waiting if at is not None), default=None)


def _safety_look(assignment: Assignment) -> datetime | None:
    if assignment.safety_since is None:
        return None
    return safety.next_look(assignment.safety_since, assignment.safety_stage, terms_of(assignment))
