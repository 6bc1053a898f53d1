"""Wire shapes of spot checks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.delivery.facts import DeliveryState
from app.duty.spot_check.rules.judge import Failure, Method, Relation
from app.wire import Fact

AnswerSource = Literal["typed", "tap", "text", "receipt"]
FindingState = Literal["waiting", "calling", "retry", "passed", "failed", "not_checked"]


class SpotCheckFact(Fact):
    """A round of checks with its counts. Townships learn the seed once it is over: with it they could
    compute whom the centre calls next.
    """

    id: int
    title: str
    ordered_by: str
    starts_at: datetime
    ends_at: datetime
    pool_size: int
    weighting: Literal["plain", "quota"]
    seed: str
    response_level: int | None
    state: Literal["open", "finished", "cancelled"]
    opened_by: str
    opened_at: datetime
    finished_by: str | None
    finished_at: datetime | None
    drawn: int
    passed: int
    failed: int
    waiting: int
    circular: Literal["draft", "signed", "issued"] | None


class LogSeen(Fact):
    """What a post's log in the system says of the shift: complete by its own rule, and by how much."""

    complete: bool
    percent: int


class SpotAttemptFact(Fact):
    """One call; `answered` is None while it rings.

    `source`: who says so – typed by the caller, a tap in the app, a text from the post's device, or only
    that device's receipt. `code` stands in a text that was sent, `message` is how far it came.
    """

    number: int
    called_at: datetime
    called_by: str
    answered: bool | None
    rings: int | None
    seconds: int | None
    source: AnswerSource
    device_label: str | None = None
    code: str
    message: DeliveryState | None = None
    answer: str


class RosteredFact(Fact):
    """One who holds a seat of the post at the instant of the call."""

    person_id: int
    name: str
    role: str
    mode: str
    phone: str


class SpotResultFact(Fact):
    """What the caller noted of an answer; None was not asked."""

    person_id: int | None = None
    name: str = ""
    standing_in: bool = False
    at_desk: bool = True
    weather: bool | None = None
    warnings: bool | None = None
    leader_named: bool | None = None
    log_last_entry_at: datetime | None = None
    log_complete: bool | None = None
    log_source: Literal["system", "typed"] | None = None
    log_percent: int | None = None
    note: str = ""


class SpotLeaderFact(Fact):
    """How the leader in charge was reached."""

    reached: bool
    seconds: int | None = None
    on_site: bool | None = None
    note: str = ""


class SpotFindingFact(Fact):
    """One drawn post. `roster` is who holds its seats: now while it waits, then as it was when called."""

    id: int
    spot_check_id: int
    post_id: int
    post_name: str
    post_kind: str
    region_code: str
    phone: str
    ordinal: int
    method: Method
    state: FindingState
    retry_due_at: datetime | None
    attempts: list[SpotAttemptFact]
    roster: list[RosteredFact]
    answered_by: str
    relation: Relation | None
    result: SpotResultFact | None
    leader: SpotLeaderFact | None
    failures: list[Failure]
    judged_at: datetime | None
    judged_by: str


class SpotCheckDetail(SpotCheckFact):
    """A round with the posts of the reader's scope; `pool` are the posts that could be drawn."""

    pool: list[int]
    findings: list[SpotFindingFact]


class ColleagueFact(Fact):
    """One of the post's unit, for naming who answered."""

    person_id: int
    name: str
    post: str


class SpotPromptFact(Fact):
    """A call over the app that waits for a tap of those on duty."""

    finding_id: int
    post_name: str
    called_at: datetime


class RectificationFact(Fact):
    """A failure to be put right. `overdue` is open beyond its time."""

    id: int
    finding_id: int
    spot_check_id: int
    post_id: int
    post_name: str
    region_code: str
    failure: Failure
    opened_at: datetime
    due_at: datetime
    state: Literal["open", "overdue", "reported", "done", "cancelled"]
    evidence: str
    reported_by: str | None
    reported_at: datetime | None
    remark: str
    confirmed_by: str | None
    confirmed_at: datetime | None


class CircularFact(Fact):
    """A circular without its text, with its receipts counted."""

    spot_check_id: int
    version: int
    title: str
    state: Literal["draft", "signed", "issued"]
    drafted_by: str
    drafted_at: datetime
    signed_by: str | None
    signed_at: datetime | None
    issued_by: str | None
    issued_at: datetime | None
    units: int
    received: int


class ReceiptFact(Fact):
    """One unit's receipt of a circular."""

    spot_check_id: int
    post_id: int
    post_name: str
    region_code: str
    received_by: str | None
    received_at: datetime | None


class CircularDetail(CircularFact):
    """A circular with its text and the receipts of the reader's scope."""

    body: str
    receipts: list[ReceiptFact]


class AppealFact(Fact):
    """An appeal against one failure."""

    id: int
    finding_id: int
    spot_check_id: int
    post_id: int
    post_name: str
    region_code: str
    failure: Failure
    evidence: str
    asked_by: str
    asked_at: datetime
    state: Literal["asked", "upheld", "refused"]
    decided_by: str | None
    decided_at: datetime | None
    remark: str


class DeductionFact(Fact):
    """What one failure costs in a month; `upheld` means that an appeal took it away."""

    finding_id: int
    spot_check_id: int
    failure: Failure
    at: datetime
    points: int
    upheld: bool


class ScoreFact(Fact):
    """A post's month: marks and place, None when it was not checked, and what it lacks of its quota."""

    post_id: int
    post_name: str
    region_code: str
    month: date
    score: int | None
    place: int | None
    checks: int
    passed: int
    failed: int
    night_checks: int
    lacks_checks: int
    lacks_night: int
    deductions: list[DeductionFact]
