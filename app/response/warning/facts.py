"""The shapes of warnings on the wire. Times with their zone, degrees WGS-84, codes of 12 digits."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.response.warning.rules.bulletin import ColourName, MessageKind, Round, WarningStatus
from app.response.warning.rules.chain import MessageState, Standing
from app.response.warning.rules.diff import Turn
from app.response.warning.rules.proposals import Family, Tier
from app.wire import Fact

SourceMeans = Literal["push", "poll", "folder"]
MessageMeans = Literal["push", "poll", "folder", "file", "form"]
MessageOutcome = Literal["taken", "doubtful", "copy", "refused"]


class WarningPlace(Fact):
    """A village that is warned, at its point, with its residents as far as they are known (0: not)."""

    region_code: str
    name: str
    population: int = 0
    lon: float = 0.0
    lat: float = 0.0


class WarningUnit(Fact):
    """A township that is warned; `whole`: all of it, else the `villages` named. `people` live there."""

    region_code: str
    name: str
    whole: bool
    people: int
    lon: float = 0.0
    lat: float = 0.0
    villages: list[WarningPlace]


class WarningUnits(Fact):
    """Whom a message concerns. What could not be placed is named: `unknown` here, `outside` elsewhere."""

    units: list[WarningUnit]
    unknown: list[str]
    outside: list[str]
    people: int


class WarningAck(Fact):
    """A desk has acknowledged what a warning says now; `region_code` is the desk's scope, in full."""

    region_code: str
    by: str
    at: datetime


class WarningBrief(Fact):
    """A warning in a line. Of a drill or a test the title begins with 【演练】 or 【测试】.

    `waiting` messages of its chain wait for a person; `revision` counts what changed for those warned.
    """

    id: int
    title: str
    event_type: str
    event_name: str
    colour: ColourName | None
    status: WarningStatus
    standing: Standing
    issuer: str
    issued_at: datetime
    effective: datetime
    expires: datetime
    expires_assumed: bool
    unit_names: list[str]
    people: int
    waiting: int
    revision: int
    acks: list[WarningAck]
    changed_at: datetime


class WarningArea(Fact):
    """A part of the area as it was sent: rings of (latitude, longitude), circles, region codes."""

    desc: str
    polygons: list[list[tuple[float, float]]]
    circles: list[Round]
    codes: list[str]


class RegionName(Fact):
    """A place by code and name."""

    region_code: str
    name: str


class WarningSpan(Fact):
    """A time that was moved."""

    before: datetime
    after: datetime


class WarningDiff(Fact):
    """What a message changes against the one before it; `turn`: the colour went up (towards red) or down."""

    added: list[RegionName]
    removed: list[RegionName]
    colour_from: ColourName | None
    colour_to: ColourName | None
    turn: Turn
    effective: WarningSpan | None
    expires: WarningSpan | None
    words: bool


class WarningFinding(Fact):
    """One thing wrong with a message, or advice, in Chinese and English; `line` 0 when it has none."""

    layer: str
    code: str
    zh: str
    en: str
    line: int


class WarningMessageFact(Fact):
    """A raw message: how it came, what was found, what became of it. Its bytes: `…/messages/{id}/raw`.

    `state` is how it stands in its chain, None outside of any.
    """

    id: int
    warning_id: int | None
    source_name: str
    means: MessageMeans
    format: str
    sha256: str
    size: int
    outcome: MessageOutcome
    state: MessageState | None
    kind: MessageKind | None
    status: WarningStatus | None
    identifier: str
    sender: str
    title: str
    colour: ColourName | None
    sent: datetime | None
    findings: list[WarningFinding]
    diff: WarningDiff | None
    vouched: bool | None
    vouched_by: str
    vouched_at: datetime | None
    vouch_reason: str
    received_at: datetime
    entered_by: str


class WarningCall(Fact):
    """A tier of the call-and-respond list that is proposed."""

    tier: Tier
    zh: str
    en: str
    minutes: int


class WarningAction(Fact):
    """Something to be done, in words."""

    zh: str
    en: str


class WarningProposals(Fact):
    """What a warning proposes; a named person decides. `real` False: nothing of it may be started."""

    real: bool
    key_period: ColourName | None
    response_level: int | None
    family: Family
    plan_zh: str
    plan_en: str
    readiness_zh: str
    readiness_en: str
    calls: list[WarningCall]
    broadcast: bool
    actions: list[WarningAction]


class WarningFact(WarningBrief):
    """A warning with its words, whom it concerns, its history and what it proposes."""

    text: str
    instruction: str
    speaker: str
    units: list[WarningUnit]
    unknown: list[str]
    outside: list[str]
    areas: list[WarningArea]
    history: list[WarningMessageFact]
    proposals: WarningProposals


class WarningReceipt(Fact):
    """What a source gets back: our number of its message, what became of it; `known`: it was here before."""

    id: int
    outcome: MessageOutcome
    warning_id: int | None
    sha256: str
    findings: list[WarningFinding]
    known: bool


class WarningSourceFact(Fact):
    """A source of warnings; its secret is told only once."""

    id: int
    key: str
    name: str
    means: SourceMeans
    auth: Literal["hmac", "token"]
    url: str
    every_s: int
    senders: list[str]
    heard_at: datetime | None
    trouble_zh: str
    trouble_en: str
    made_by: str
    made_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None


class NewWarningSource(WarningSourceFact):
    """A source with the secret it signs with, "" for one that is fetched."""

    secret: str
