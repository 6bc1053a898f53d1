"""What dispatch tells the world: the shapes of alarms, incidents and teams on the wire.

Journal rows, the snapshot and HTTP answers carry the same shapes, so that *old state + events = new
state* holds without translation. Times are ISO 8601 in UTC; coordinates WGS-84 degrees.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.distress_facts import DismissalFact, SearchFact
from app.tracking.facts import TrailPoint
from app.wire import Fact

AlarmState = Literal["open", "acknowledged", "confirmed", "dismissed"]
AlarmKind = Literal[
    "sos", "caller_silent", "call", "low_battery", "power_lost", "left_area", "tamper", "fault", "silent"
]
IncidentState = Literal["scheduled", "open", "closed"]
IncidentSource = Literal["device_alarm", "telephone", "radio", "walk_in", "superior", "partner"]


class AlarmFact(Fact):
    """What a device told, waiting for a person's judgement: a call for help, its own trouble, a call.

    `subject` is the number that calls (kind `call`), else empty. `reply` went back to the caller's card when
    somebody had seen his call; `caller_silent` says that nothing came from a caller since, with the `search`.
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
    dismissal: DismissalFact | None = None
    reply: str = ""
    search: SearchFact | None = None
    incident_id: int | None = None
    drill_id: int | None = None


class Caller(Fact):
    """Somebody who told us: name and number as given, what they said.

    Of a call on the desk's fixed line, which nothing but the officer hears, he may say when it began to ring,
    when he took it, and how often it rang.
    """

    name: str = ""
    phone: str = ""
    words: str = ""
    ring_began_at: datetime | None = None
    answered_at: datetime | None = None
    rings: int | None = None


class Casualties(Fact):
    """The official figures of an incident, None = being verified (正在核实).

    Persons, homes; `loss` and `loss_at_risk` in 万元 (10,000 yuan), `area` in ha, `magnitude` of an
    earthquake. Who told them stands in the figures (app/dispatch/figures).
    """

    dead: int | None = None
    missing: int | None = None
    trapped: int | None = None
    seriously_injured: int | None = None
    slightly_injured: int | None = None
    at_risk: int | None = None
    evacuated: int | None = None
    homes: int | None = None
    loss: float | None = None
    loss_at_risk: float | None = None
    area: float | None = None
    magnitude: float | None = None


class ClauseFact(Fact):
    """Why a level or a trigger: what reached which limit, by which text."""

    level: int
    zh: str
    en: str


class GradingFact(Fact):
    """What the figures call for (domain/rules B2). The level is an initial judgement until confirmed.

    `proposed` None: no table for this kind of incident. `larger_risk` are the clauses of 较大涉险 that
    fired: no level, but reports fall due. `key_facility` names the important place that is endangered.
    """

    version: str = ""
    family: str = ""
    proposed: int | None = None
    clauses: list[ClauseFact] = []
    larger_risk: list[ClauseFact] = []
    key_facility: str = ""
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    lowered_by: str | None = None
    lowered_reason: str | None = None


class ReaderFact(Fact):
    """Somebody named to know an incident: `key` is person:7, unit:2, post:1 or account:3."""

    key: str
    name: str


class PlaceFact(Fact):
    """A place as people said it. `uncertainty_m`: how far off the point may be, None if nobody said.

    `road` and `metre` of a milestone; `known_point`, `direction`, `distance_m` from a known point.
    `outside`: it lies in the `neighbour` county and should be handed off.
    """

    kind: Literal["point", "road", "bearing", "words"]
    text: str = ""
    road: str | None = None
    metre: int | None = None
    known_point: str | None = None
    direction: str | None = None
    distance_m: float | None = None
    uncertainty_m: float | None = None
    on_map: bool = False
    outside: bool = False
    neighbour: str = ""


ReportNode = Literal["E", "V", "T", "D", "C", "L", "B", "CG", "P", "PR", "N"]
"""A node of reporting (信息报送): enterprise, village, township, department, centre, leader in charge,
head of the bureau, general duty office, prefecture, province, nation."""
ReportKind = Literal[
    "initial",
    "supplement",
    "followup",
    "followup_on_event",
    "zero_report",
    "daily_report",
    "full_report",
    "final",
    "verification",
    "review",
]


class TellingFact(Fact):
    """Somebody above was told of the incident (报): whom, by what means, at which version, when.

    With a `receiver` it is a report (信息报送) that discharges what was due: `number` is the one called,
    `receipt` who confirmed a written one, `as_of` up to when the told version knew (None: when it was told).
    """

    whom: str
    channel: str
    version: int
    told_at: datetime
    entered_at: datetime
    entered_by: str
    sender: ReportNode | None = None
    receiver: ReportNode | None = None
    kind: ReportKind = "initial"
    number: str = ""
    receipt: str = ""
    as_of: datetime | None = None


class CommandBriefFact(Fact):
    """A headquarters in command of an incident, and who commands it now ("" while nobody is named)."""

    activation_id: int
    body_name: str
    commander: str = ""


class IncidentFact(Fact):
    """An incident (突发事件). `initial_level` 1 extraordinary … 4 general; 1 is the highest.

    A planned one (`scheduled`) opens at `scheduled_for`. `merged_into_id`: it was closed into that one.
    `restricted`: need-to-know; with `named_readers` nobody else knows it, whatever the role.
    `drill_id`: it belongs to that drill (演练); its number and title say so.
    """

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
    sensitive: bool = False
    named_readers: list[ReaderFact] = []
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
    grading: GradingFact = GradingFact()
    tellings: list[TellingFact] = []
    place: PlaceFact | None = None
    occurred_at: datetime | None = None
    received_at: datetime
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None
    closed_by: str | None = None
    close_reason: str | None = None
    scheduled_for: datetime | None = None
    merged_into_id: int | None = None
    merged_into_number: str | None = None
    drill_id: int | None = None
    command: list[CommandBriefFact] = []
    alarm_ids: list[int] = []


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
