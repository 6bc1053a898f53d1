"""Wire shapes of status round-ups."""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal

from app.dispatch.status_call.rules.sheet import QuestionKind, WarningKind
from app.dispatch.status_call.rules.times import Standing
from app.wire import Fact

StatusCallState = Literal["planned", "open", "closed", "cancelled"]
AnswerSource = Literal[
    "app", "phone", "sms", "radio", "fax", "in_person", "satellite_phone", "beidou", "messenger"
]
StatusValue = bool | float | str | list[str]


class QuestionFact(Fact):
    """One typed question; `number` is how a text message names it."""

    number: int
    kind: QuestionKind
    text: str
    unit: str
    minimum: float | None
    maximum: float | None
    whole: bool
    of_people: bool
    cumulative: bool
    choices: list[str]
    optional: bool


class StatusCallFact(Fact):
    """A round with its counts, of those recipients the reader may see; an event counts them all."""

    id: int
    drill: bool
    series_id: int
    round: int
    title: str
    asked_by: str
    note: str
    questions: list[QuestionFact]
    incident_id: int | None
    opens_at: datetime
    due_at: datetime
    remind_at: datetime | None
    state: StatusCallState
    opened_by: str
    opened_at: datetime | None
    closed_by: str | None
    closed_at: datetime | None
    recipients: int
    read: int
    answered: int
    late: int
    summaries: int


class DoubtFact(Fact):
    """A value that was taken and looks wrong, and what it was compared with."""

    number: int
    kind: WarningKind
    value: float
    limit: float


class StatusAnswerFact(Fact):
    """One version of an answer. When the figures were true, were told, were written down."""

    version: int
    nothing: bool
    values: dict[str, StatusValue]
    doubts: list[DoubtFact]
    note: str
    source: AnswerSource
    told_by: str
    voucher: str
    reason: str
    as_of: datetime
    told_at: datetime
    entered_at: datetime
    entered_by: str
    late_minutes: int


class StatusNoticeFact(Fact):
    """What was sent to a recipient, or who was called about it and why he."""

    kind: Literal["asked", "reminded", "escalated"]
    channel: str
    state: str
    name: str
    why_zh: str
    why_en: str
    at: datetime
    by: str


class StatusRecipientFact(Fact):
    """A unit that is asked. `late_minutes` are those of its first answer and stay; `answer` is the last."""

    id: int
    call_id: int
    unit_id: int
    unit_name: str
    region_code: str
    lon: float
    lat: float
    read_at: datetime | None
    read_by: str
    standing: Standing
    late_minutes: int | None
    answers: list[StatusAnswerFact]
    notices: list[StatusNoticeFact]


class LackedFact(Fact):
    """One thing that is lacking, how much in all, and who lacks it."""

    item: str
    quantity: float | None
    unit: str
    who: list[str]


class CountFact(Fact):
    """How often a choice was taken."""

    word: str
    count: int


class QuestionTotalFact(Fact):
    """One question over all answers."""

    number: int
    answered: int
    total: float | None
    counts: list[CountFact]
    lacking: list[LackedFact]


class StatusTextFact(Fact):
    """A text that came in as an answer, and what was replied."""

    id: int
    call_id: int | None
    unit_name: str | None
    source: str
    sender: str
    words: str
    heard_at: datetime
    taken: bool
    reply: str


class StatusRepeatFact(Fact):
    """How a series is asked again by itself."""

    id: int
    series_id: int
    every_hours: int | None
    times: list[time]
    lead_minutes: int
    next_due_at: datetime
    set_by: str
    set_at: datetime
    stopped_by: str | None
    stopped_at: datetime | None


class StatusCallDetail(StatusCallFact):
    """A round with everything that belongs to it, as far as the reader's scope goes."""

    units: list[StatusRecipientFact]
    totals: list[QuestionTotalFact]
    texts: list[StatusTextFact]
    repeat: StatusRepeatFact | None


class StatusSummaryFact(Fact):
    """One kept version of a round: its number, who made it, and the round as it stood."""

    call_id: int
    version: int
    made_by: str
    made_at: datetime
    detail: StatusCallDetail


class StatusRoundFact(Fact):
    """One round of a series in the trend: the total of each numeric question by its number."""

    call_id: int
    round: int
    due_at: datetime
    recipients: int
    answered: int
    late: int
    totals: dict[str, float]


class StatusAskedFact(Fact):
    """A round-up that waits for an answer of mine, or was answered and can be corrected."""

    call: StatusCallFact
    unit: StatusRecipientFact


class HeadCalledFact(Fact):
    """Who was called about a unit that stayed silent, and why he: the roster's word is kept."""

    call_id: int
    recipient_id: int
    unit_name: str
    title: str
    due_at: datetime
    person_id: int | None
    name: str
    why_zh: str
    why_en: str
    channel: str


class StatusPhoneFact(Fact):
    """Whom the desk telephones at a unit now; for the desk alone."""

    name: str
    title: str
    phone: str
