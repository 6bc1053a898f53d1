"""The shapes of assignments on the wire: journal rows, the snapshot and HTTP answers carry the same."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.ladder.facts import AskedFact
from app.dispatch.terms import TermsFact
from app.wire import Fact

AssignmentState = Literal[
    "dispatched", "acknowledged", "en_route", "on_scene", "task_done", "returned", "declined", "cancelled"
]
AnswerChannel = Literal[
    "app",
    "beidou",
    "jt808",
    "radio",
    "telephone",
    "satellite_phone",
    "sbd",
    "in_person",
    "sms",
    "radio_370",
    "neighbour",
    "messenger",
]


class AckPerson(Fact):
    """Somebody whose acknowledgement an order asks for."""

    person_id: int
    name: str


class AckFact(Fact):
    """An acknowledgement: of whom, through which channel, when. `person_id` None: nobody of the register."""

    person_id: int | None = None
    name: str
    channel: AnswerChannel
    at: datetime


class AssignmentFact(Fact):
    """One team sent to one incident. Status belongs to the assignment; the team's is derived.

    `version` grows with everything that is told of it: of two accounts the greater knows more.
    `escalation_step` is the rung of the ladder taken last (0 the first), `escalation_held` why
    it waits there, `escalation_round` how often the
    last rungs were repeated. `called` are the people who were to be called when nobody answered, each with
    the reason. An order may need several acknowledgements: `acks` of `acks_required`, of `ack_people` where
    they are named. `safety_since` is when the safety clock of a team on scene began anew; it ends
    `terms.safety_every_s` later. An assignment with `diverted_to_id` left its incident for that one: the
    incident left needs a replacement. `diverted_from_id` names the assignment the team was taken from,
    `replaces_id` the one of a diverted team that this one was sent in place of. A team out for a `drill` is
    free for anything in earnest.
    """

    id: int
    incident_id: int
    incident_number: str
    team_id: int
    team_name: str
    call_sign: str
    state: AssignmentState
    text: str
    rank_when_assigned: int | None = None
    assigned_by: str
    assigned_at: datetime
    answer_due_at: datetime
    version: int = 1
    escalation_step: int
    escalation_round: int = 0
    escalation_stopped_by: str | None = None
    escalation_stopped_reason: str | None = None
    escalation_held: Literal["maintenance", "window", "few_alarms", "unknown_rung"] | None = None
    leader_alerted_at: datetime | None = None
    called: list[AskedFact] = []
    acknowledged_at: datetime | None = None
    en_route_at: datetime | None = None
    on_scene_at: datetime | None = None
    task_done_at: datetime | None = None
    declined_at: datetime | None = None
    cancelled_at: datetime | None = None
    answered_by: str | None = None
    answer_channel: AnswerChannel | None = None
    returned_at: datetime | None = None
    reason: str | None = None
    terms: TermsFact = TermsFact()
    acks_required: int = 1
    ack_people: list[AckPerson] = []
    acks: list[AckFact] = []
    depart_due_at: datetime | None = None
    depart_reminded: bool = False
    safety_since: datetime | None = None
    safety_stage: Literal["", "running", "warning", "critical", "leader"] = ""
    safety_confirmed_at: datetime | None = None
    safety_confirmed_by: str | None = None
    safety_confirmed_channel: AnswerChannel | None = None
    diverted_to_id: int | None = None
    diverted_from_id: int | None = None
    replaces_id: int | None = None
    drill: bool = False


class AssignmentStepFact(Fact):
    """A step as it was told: when it happened, when the desk was told, when it was entered, by whom and how.

    `proxy`: an officer entered it on the team's behalf. An undone step stays, with who took it back and why.
    """

    id: int
    assignment_id: int
    step: str
    from_state: AssignmentState
    to_state: AssignmentState
    happened_at: datetime
    told_at: datetime
    entered_at: datetime
    by_name: str
    channel: AnswerChannel
    proxy: bool
    reason: str
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone_reason: str | None = None
