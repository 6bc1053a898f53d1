"""Wire shapes of call-and-respond."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.response.call_and_respond.rules.climb import Means, Result
from app.response.call_and_respond.rules.limits import Colour, Tier
from app.response.call_and_respond.rules.loop import Outcome, Standing
from app.response.call_and_respond.rules.review import Review
from app.wire import Fact

CalloutCause = Literal["warning", "response", "incident", "broadcast", "hand"]
CalloutKind = Literal["alert", "lowered", "cancelled"]
CalloutState = Literal["running", "ended"]
CalloutRole = Literal[
    "county_head",
    "bureau_head",
    "flood_hq",
    "other_leader",
    "township_head",
    "township_duty",
    "contact_a",
    "contact_b",
    "village_head",
    "grid_member",
]
CalloutPurpose = Literal["call", "feedback", "recheck", "verify"]
CalloutAction = Literal["evacuated", "road_closed", "patrol", "other", "words"]


class CalloutCountFact(Fact):
    """How many targets of a tier, or of its villages in a township, have come how far."""

    tier: Tier
    township_code: str | None
    total: int
    waiting: int
    answered: int
    late: int
    silent: int
    warned: int
    acted: int
    fed_back: int
    drawn: int
    agreed: int
    not_passed_on: int


class CalloutMinutesFact(Fact):
    """The minutes of a colour (rules/limits.py)."""

    county: int
    township: int
    village: int
    feedback: int
    person: int
    channel: int
    retry: int


class CalloutRoundFact(Fact):
    """A round with its counts, of those targets that the reader may see; an event counts them all."""

    id: int
    kind: CalloutKind
    cause_kind: CalloutCause
    cause_id: int | None
    title: str
    colour: Colour
    hazard: str
    expected: str
    area: str
    harm: str
    drill: bool
    region_codes: list[str]
    minutes: CalloutMinutesFact
    limits_version: int
    same_as_id: int | None
    state: CalloutState
    started_at: datetime
    started_by: str
    widened_at: datetime | None
    drawn_at: datetime | None
    drawn_by: str
    draw_seed: str
    ended_at: datetime | None
    ended_by: str
    ended_words: str
    counts: list[CalloutCountFact]


class CalloutCallFact(Fact):
    """One call, done or (`due`) still to be done by its owner. Only `answered` is an answer."""

    id: int
    target_id: int
    person_row_id: int | None
    name: str
    number: str
    means: Means
    purpose: CalloutPurpose
    attempt: int
    result: Result
    words: str
    at: datetime
    by: str
    entered_at: datetime
    due_at: datetime | None
    owner: str


class CalloutTargetFact(Fact):
    """A leader of the county, a township or a village: how far it has come in its five steps."""

    id: int
    round_id: int
    tier: Tier
    region_code: str
    township_code: str
    ordinal: int
    name: str
    lon: float
    lat: float
    caller: str
    gaps: list[str]
    due_at: datetime
    standing: Standing
    tried: int
    warned_at: datetime | None
    answered_at: datetime | None
    answered_by: str
    answered_means: str
    answered_words: str
    acted_at: datetime | None
    feedback_due_at: datetime | None
    feedback_asked_at: datetime | None
    fed_back_at: datetime | None
    drawn: bool
    outcome: Outcome | None
    verified_at: datetime | None
    verified_by: str
    verified_words: str
    calls: int
    open_calls: int
    reports: str


class CalloutPersonFact(Fact):
    """Somebody of a frozen list."""

    id: int
    ordinal: int
    role: CalloutRole
    person_id: int | None
    name: str
    title: str
    phones: list[str]
    mobile: str
    call_sign: str
    satellite_number: str
    beidou_number: str
    app: bool


class CalloutReportFact(Fact):
    """What was done, as it was told."""

    id: int
    kind: CalloutAction
    done: int | None
    planned: int | None
    words: str
    means: Means
    told_by: str
    feedback: bool
    at: datetime
    entered_by: str


class CalloutTargetDetail(CalloutTargetFact):
    """A target with whom to call, every call and every report."""

    people: list[CalloutPersonFact]
    all_calls: list[CalloutCallFact]
    all_reports: list[CalloutReportFact]


class CalloutRoundDetail(CalloutRoundFact):
    """A round with its targets, as far as the reader's scope goes."""

    targets: list[CalloutTargetFact]


class CalloutListPersonFact(Fact):
    """Somebody who would be called now."""

    role: CalloutRole
    person_id: int | None
    name: str
    title: str
    phone: str


class CalloutListTargetFact(Fact):
    """A target with its people as the organisation stands now, and what is lacking."""

    tier: Tier
    region_code: str
    name: str
    people: list[CalloutListPersonFact]
    gaps: list[str]


class CalloutListFact(Fact):
    """The lists by tier that a round would freeze, before it is started."""

    targets: list[CalloutListTargetFact]
    villages: int
    gaps: int


class CalloutListedFact(Fact):
    """An entry of the standing list of the county or a township."""

    id: int
    region_code: str
    ordinal: int
    role: CalloutRole
    person_id: int | None
    office_id: int | None
    name: str
    title: str


class CalloutFilingFact(Fact):
    """How the review of the list stands this year."""

    year: int
    due_on: date
    state: Review
    reminded_at: datetime | None
    overdue_at: datetime | None
    filed_at: datetime | None
    filed_by: str
    people: int
    gaps: list[str]


class CalloutLimitsFact(Fact):
    """A version of the table of minutes; 0 is the one the product ships."""

    version: int
    red: CalloutMinutesFact
    orange: CalloutMinutesFact
    yellow: CalloutMinutesFact
    blue: CalloutMinutesFact
    verify_percent: int
    reason: str
    made_by: str
    made_at: datetime | None


class CalloutMineFact(Fact):
    """What this person must answer, or has answered and reports on."""

    round: CalloutRoundFact
    target: CalloutTargetFact
    role: CalloutRole
