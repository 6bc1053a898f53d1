"""Wire shapes of responses."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.response.level.commands import EventLevel
from app.response.level.rules.proposing import Colour, ResponseState, StepKind
from app.response.plan.commands import CauseKind, DecidedAs
from app.wire import Fact


class ConsequenceFact(Fact):
    """What a level asks of duty, in words (domain/rules B4)."""

    level: int
    leader_zh: str
    leader_en: str
    units_zh: str
    units_en: str
    consultations: int
    on_change: bool
    round_up_zh: str
    round_up_en: str
    zero_report: bool


class ResponseBrief(Fact):
    """A response as the log and the desk's header need it."""

    id: int
    hazard: str
    event_code: str
    state: ResponseState
    level: int | None
    proposed_level: int | None
    warning_colour: Colour | None
    event_level: EventLevel | None
    drill: bool
    incident_id: int | None


class StepTaskFact(Fact):
    """A task that went out or was withdrawn with a decision."""

    key: str
    to: str
    text: str


class ResponseStepFact(Fact):
    """A proposal, the decision, and the order it became. Recipients of that order are counted."""

    step: int
    kind: StepKind
    state: Literal["open", "accepted", "refused"]
    level_before: int | None
    proposed_level: int | None
    level: int | None
    warning_colour: Colour | None
    event_level: EventLevel | None
    basis: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_as: DecidedAs | None
    consent_of: str
    consent_at: datetime | None
    decided_at: datetime | None
    remark: str
    signed_by: str | None
    signed_at: datetime | None
    number: str
    title: str
    paragraphs: list[str]
    sent: list[StepTaskFact]
    withdrawn: list[StepTaskFact]
    unresolved: list[str]
    order_id: int | None
    recipients: int
    acknowledged: int


class ConsultationFact(Fact):
    """A consultation that was held."""

    id: int
    held_at: datetime
    chaired_by: str
    words: str
    entered_by: str
    entered_at: datetime


class ResponseFact(ResponseBrief):
    """A response as it stands."""

    plan_id: int | None
    plan_name: str
    run_id: int | None
    cause_kind: CauseKind
    cause_id: int | None
    cause_words: str
    region_codes: list[str]
    regions: list[str]
    proposed_by: str
    proposed_at: datetime
    began_at: datetime | None
    ended_at: datetime | None


class ResponseDetail(ResponseFact):
    """The same with every decision, the consultations, and what follows from its level."""

    steps: list[ResponseStepFact]
    consultations: list[ConsultationFact]
    consequence: ConsequenceFact | None
    suggested: list[int]


class ResponseDutyFact(Fact):
    """The duty that holds for all responses together: the strictest level. `followed`: it is in place.

    `round_up_id` is the first round of the series that is asked, `due_at` when its next one is due.
    """

    drill: bool
    level: int | None
    followed: bool
    hazards: str
    since: datetime | None
    round_up_id: int | None
    due_at: datetime | None
    period_id: int | None
    held_today: int
    consequence: ConsequenceFact | None


class ResponseOrderFact(Fact):
    """A response order that was given, as the archive asks for it."""

    response_id: int
    step: int
    number: str
    title: str


class ResponseBoard(Fact):
    """The responses a person may see: those proposed and active, the last that are over, and the duty."""

    running: list[ResponseFact]
    over: list[ResponseFact]
    duties: list[ResponseDutyFact]
    table: list[ConsequenceFact]
