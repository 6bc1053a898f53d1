"""What is told of broadcasts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.broadcast.rules.coverage import Cover
from app.broadcast.rules.results import Outcome
from app.wire import Fact

BroadcastState = Literal[
    "draft",
    "submitted",
    "returned",
    "approved",
    "issued",
    "playing",
    "finished",
    "stopped",
    "expired",
    "dropped",
]
TerminalStateName = Literal["running", "stopped", "fault", "recovered", "broadcasting", "unknown"]
HandoverState = Literal["waiting", "sent", "receipted", "refused", "failed", "withdrawn"]
BroadcastAct = Literal["edit", "submit", "approve", "return", "consent", "sign", "stop", "drop", "verify"]


class BroadcastBriefFact(Fact):
    """A broadcast in a line. `severity` is GD/J's (0 the lowest); `silent` terminals have said nothing.

    `coverage_rate` is the share of villages reached, 0 to 1. `stops_id`: it is the stop of that one;
    `stop_id` the stop it was given.
    """

    id: int
    ebmid: str | None
    state: BroadcastState
    outcome: Outcome
    msg_type: int
    drill: bool
    urgent: bool
    event_type: str
    event_name: str
    severity: int
    title: str
    region_code: str
    scope_words: str
    start_at: datetime
    end_at: datetime
    author: str
    approver: str
    signature_owed: bool
    stops_id: int | None
    replaces_id: int | None
    cause_words: str
    villages: int
    reached: int
    terminals: int
    played: int
    playing: int
    failed: int
    silent: int
    coverage_rate: float | None


class BroadcastSpokenFact(Fact):
    """The message in a further language; `seconds` of speech, read once."""

    language: str
    title: str
    text: str
    letters: int
    seconds: float


class BroadcastPeerFact(Fact):
    """How the message fares with one platform; `play_state` is the BrdStateCode it gave the whole."""

    peer_id: int
    name: str
    state: HandoverState
    attempts: int
    tried_at: datetime | None
    receipt_at: datetime | None
    words: str
    play_state: int | None
    play_words: str
    play_at: datetime | None


class BroadcastConsentFact(Fact):
    """The consent of a leader by telephone, and the signature that follows it."""

    consent_of: str
    phone: str
    at: datetime
    words: str
    asked: int
    countersigner: str
    countersigned_at: datetime | None


class BroadcastVoiceFact(Fact):
    """A voice file."""

    id: int
    name: str
    form: str
    seconds: float | None
    size: int


class BroadcastReplacedFact(Fact):
    """What a sheet takes the place of; `still_at` are platforms where that plays on."""

    id: int
    title: str
    state: BroadcastState
    still_at: list[str]


class BroadcastFact(Fact):
    """A broadcast sheet whole. `may`: what this person can do with it now. Seconds are of speech, read once.

    `once_s` is the message in all its languages; `audible` how many loudspeakers sound when it is let go now.
    """

    broadcast: BroadcastBriefFact
    revision: int
    sender: str
    text: str
    language: str
    more_texts: list[BroadcastSpokenFact]
    voice: BroadcastVoiceFact | None
    template: str
    repeats: int
    interval_s: int
    letters: int
    seconds: float
    once_s: float
    areas: list[str]
    polygons: list[list[tuple[float, float]]]
    at_once: bool
    cause_kind: str
    cause_id: int | None
    cause_status: str
    drafted_at: datetime
    submitted_at: datetime | None
    returned_by: str
    returned_at: datetime | None
    remarks: str
    approved_as: str
    approved_at: datetime | None
    consent: BroadcastConsentFact | None
    issued_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    stopped_by: str
    stopped_at: datetime | None
    stop_reason: str
    replaces: BroadcastReplacedFact | None
    audible: int
    peers: list[BroadcastPeerFact]
    may: list[BroadcastAct]


class BroadcastVillageCoverFact(Fact):
    """A village before sending."""

    region_code: str
    path: str
    lon: float
    lat: float
    terminals: int
    live: int
    offline: int
    fault: int
    cover: Cover
    carried: bool


class BroadcastCoverageFact(Fact):
    """What a broadcast would reach now. Rates are shares of 1, None where there is nothing to share.

    `single` villages have one live terminal only (无冗余), `dead` none alive, `none` no terminal at all;
    `uncarried` no platform serves.
    """

    villages: list[BroadcastVillageCoverFact]
    terminals: int
    live: int
    offline: int
    fault: int
    sound: int
    single: int
    dead: int
    none: int
    uncarried: int
    audible: int
    terminal_rate: float | None
    village_rate: float | None
    population: int


class SpeakerResultFact(Fact):
    """What a terminal made of a message; `state` is a BrdStateCode."""

    terminal_id: int
    name: str
    resource_code: str
    terminal_state: TerminalStateName
    state: int
    words: str
    started_at: datetime | None
    ended_at: datetime | None
    plays: int
    reported_at: datetime | None
    source: str


class BroadcastVillageFact(Fact):
    """A village of a message with its terminals; `live` is how many lived when it was issued."""

    region_code: str
    path: str
    township: str
    terminals: int
    live: int
    reached_at: datetime | None
    results: list[SpeakerResultFact]


class BroadcastVerificationFact(Fact):
    """A village that was drawn, and what the call brought."""

    region_code: str
    path: str
    drawn_by: str
    person: str
    phone: str
    answer: str
    words: str
    asked_at: datetime | None
    asked_by: str


class BroadcastProofFact(Fact):
    """A recording or picture of what was played (回传)."""

    id: int
    name: str
    form: str
    size: int
    seconds: float | None
    terminal_id: int | None
    brought_by: str
    brought_at: datetime


class BroadcastDeliveryFact(Fact):
    """The delivery table, who was asked, and what proves it."""

    broadcast: BroadcastBriefFact
    villages: list[BroadcastVillageFact]
    verifications: list[BroadcastVerificationFact]
    proofs: list[BroadcastProofFact]
