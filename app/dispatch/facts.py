"""What dispatch tells the world: the shapes of alarms, incidents, assignments and teams on the wire.

Journal rows, the snapshot and HTTP answers carry the same shapes, so that *old state + events = new
state* holds without translation. Times are ISO 8601 in UTC; coordinates WGS-84 degrees.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.ladder.facts import AskedFact
from app.dispatch.terms import TermsFact
from app.tracking.facts import TrailPoint
from app.wire import Fact

AlarmState = Literal["open", "acknowledged", "confirmed", "dismissed"]
AlarmKind = Literal["sos", "call", "low_battery", "power_lost", "left_area", "tamper", "fault", "silent"]
IncidentState = Literal["open", "closed"]
IncidentSource = Literal["device_alarm", "telephone", "radio", "walk_in", "superior", "partner"]
AssignmentState = Literal[
    "dispatched", "acknowledged", "en_route", "on_scene", "task_done", "returned", "declined", "cancelled"
]
AnswerChannel = Literal["app", "beidou", "jt808", "radio", "telephone", "satellite_phone", "sbd", "in_person"]


class AlarmFact(Fact):
    """What a device told, waiting for a person's judgement: a call for help, its own trouble, a call.

    `subject` is the number that calls (kind `call`), else empty.
    """

    id: int
    state: AlarmState
    kind: AlarmKind
    subject: str = ""
    family: str
    device_id: int
    device_number: str
    device_label: str
    holder_name: str | None = None
    holder_phone: str | None = None
    unit_name: str | None = None
    team_id: int | None = None
    region_code: str
    region_path: str
    text: str = ""
    count: int
    sent_at: datetime | None = None
    first_heard_at: datetime
    last_heard_at: datetime
    lon: float | None = None
    lat: float | None = None
    fixed_at: datetime | None = None
    trail: list[TrailPoint] = []
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None
    dismiss_reason: str | None = None
    incident_id: int | None = None


class Caller(Fact):
    """Somebody who told us: name and number as given, what they said."""

    name: str = ""
    phone: str = ""
    words: str = ""


class Casualties(Fact):
    """Persons affected, None = being verified (正在核实)."""

    dead: int | None = None
    missing: int | None = None
    trapped: int | None = None
    seriously_injured: int | None = None
    slightly_injured: int | None = None
    at_risk: int | None = None


class IncidentFact(Fact):
    """An incident (突发事件). `initial_level` 1 extraordinary … 4 general; 1 is the highest."""

    id: int
    number: str
    state: IncidentState
    version: int
    title: str
    event_scheme: str
    event_code: str
    event_name_zh: str
    event_name_en: str
    initial_level: int
    restricted: bool
    life_threat: bool
    source: IncidentSource
    region_code: str
    region_path: str
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    description: str = ""
    callers: list[Caller] = []
    casualties: Casualties = Casualties()
    occurred_at: datetime | None = None
    received_at: datetime
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None
    closed_by: str | None = None
    close_reason: str | None = None
    alarm_ids: list[int] = []


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
    `escalation_step` is the rung of the ladder taken last (0 the first), `escalation_round` how often the
    last rungs were repeated. `called` are the people who were to be called when nobody answered, each with
    the reason. An order may need several acknowledgements: `acks` of `acks_required`, of `ack_people` where
    they are named. `safety_since` is when the safety clock of a team on scene began anew; it ends
    `terms.safety_every_s` later. An assignment with `diverted_to_id` left its incident for that one: the
    incident left needs a replacement. `diverted_from_id` names the assignment the team was taken from.
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


class TeamFact(Fact):
    """A rescue team (救援队伍) as dispatch sees it. Its status is derived from its assignments.

    `stationed_at` is where it stands by away from home; then `lon` and `lat` are there.
    """

    id: int
    name_zh: str
    name_en: str
    call_sign: str
    kind: str
    region_code: str
    lon: float | None
    lat: float | None
    stationed_at: str | None
    strength: int
    capabilities: list[str]
    leader_name: str | None = None
    leader_phone: str | None = None
    standby: bool


class TextFact(Fact):
    """A text heard from a device that is not a distress call and moved no assignment."""

    id: int
    device_id: int
    device_label: str
    family: str
    region_code: str
    team_id: int | None
    text: str
    heard_at: datetime
