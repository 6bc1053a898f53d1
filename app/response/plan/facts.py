"""Wire shapes of plans, cards, and cards in force."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.dispatch.order.commands import TaskKind
from app.response.plan.commands import CauseKind, DecidedAs, Tier
from app.response.plan.rules.fit import PlanKind, Validity
from app.sheets import CellFault
from app.wire import Fact

RunState = Literal["proposed", "running", "refused", "ended"]


class PlanBrief(Fact):
    """A plan as the log needs it."""

    id: int
    kind: PlanKind
    name_zh: str
    region_code: str


class PlanFact(PlanBrief):
    """A plan with its last version, and which levels its card knows. `versions` 0: nothing was issued yet."""

    tier: Tier
    hazards: list[str]
    owner_unit_id: int | None
    owner_name: str
    region_name: str
    revision: int
    number: str
    issued_on: date | None
    valid_to: date | None
    versions: int
    validity: Validity
    card_version: int | None
    retired_at: datetime | None
    retired_reason: str


class PlanPage(Fact):
    """Plans that were asked for, and how many there are in all, by kind and by how they hold."""

    plans: list[PlanFact]
    found: int
    total: int
    kinds: dict[str, int]
    expiring: int
    expired: int
    carded: int


class PlanVersionFact(Fact):
    """A version as it was issued. `sha256` "" where no file was kept."""

    version: int
    number: str
    issued_on: date
    valid_to: date | None
    note: str
    sha256: str
    file_name: str
    media_type: str
    size: int
    made_by: str
    made_at: datetime


class CardFault(Fact):
    """A mistake in the text of a card: its line from 1, where it is, what is wrong."""

    line: int
    path: str
    zh: str
    en: str


class CardTaskFact(Fact):
    """A task of a card."""

    key: str
    levels: list[int]
    to: str
    kind: TaskKind
    text: str
    due_min: int
    document: str
    stops: bool


class PlanCardFact(Fact):
    """A card as it reads: its text and its tasks, or the mistakes."""

    version: int
    name: str
    text: str
    note: str
    made_by: str
    made_at: datetime | None
    levels: list[int]
    tasks: list[CardTaskFact]
    faults: list[CardFault]


class PlanDetail(PlanFact):
    """A plan with all its versions and the history of its card, the latest first."""

    history: list[PlanVersionFact]
    card: PlanCardFact | None
    cards: list[int]
    writable: bool


class ReceiverFact(Fact):
    """Who gets a task: a unit or a person, whom one reaches there now, and why him."""

    name: str
    unit_id: int | None
    person_id: int | None
    region_code: str
    contact: str
    phone: str
    why_zh: str
    why_en: str


class PreviewTaskFact(CardTaskFact):
    """A task with the real recipients, or what cannot be resolved. `out`: it is out already."""

    due_at: datetime
    receivers: list[ReceiverFact]
    unresolved_zh: str
    unresolved_en: str
    out: bool


class PreviewFact(Fact):
    """What a card orders at a level if it were approved now."""

    plan_id: int
    plan_name: str
    card_version: int
    level: int
    tasks: list[PreviewTaskFact]
    receivers: int
    unresolved: int
    withdrawn: list[str]


class PlanProposalFact(Fact):
    """A plan that fits an event, and why."""

    plan: PlanBrief
    card_version: int | None
    levels: list[int]
    why_zh: str
    why_en: str


class PlanRunBrief(Fact):
    """A card for a cause, as the log needs it."""

    id: int
    plan_id: int
    plan_name: str
    level: int
    state: RunState
    drill: bool
    incident_id: int | None
    cause_words: str
    sent: int
    withdrawn: int


class TaskReceiptFact(Fact):
    """How far a recipient of a task is; `state` is that of his part of the order."""

    recipient_id: int
    name: str
    region_code: str
    state: str
    delivered_at: datetime | None
    ack_due_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    reported_at: datetime | None
    closed_at: datetime | None


class RunTaskFact(Fact):
    """A task that went out: its order and the receipts; or why it could not go out."""

    id: int
    ordinal: int
    key: str
    level: int
    to: str
    text: str
    document: str
    stops: bool
    due_at: datetime
    sent_at: datetime
    order_id: int | None
    order_number: str
    order_state: str
    unresolved: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdrawn_reason: str
    receipts: list[TaskReceiptFact]


class PlanRunFact(PlanRunBrief):
    """A card for a cause with everything but its tasks."""

    region_code: str
    card_version: int
    cause_kind: CauseKind
    cause_id: int | None
    region_codes: list[str]
    led: bool
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_as: DecidedAs | None
    consent_of: str
    consent_at: datetime | None
    decided_at: datetime | None
    remark: str
    ended_by: str | None
    ended_at: datetime | None
    ended_reason: str


class PlanRunDetail(PlanRunFact):
    """The same with its tasks and their receipts, and how many of them there are.

    Counted are recipients: `receipts` in all of what is out, `acknowledged`, `reported`, `closed` among them.
    """

    tasks: list[RunTaskFact]
    receipts: int
    acknowledged: int
    reported: int
    closed: int
    unresolved: int


class PlanImportRow(Fact):
    """What a sheet would do to one plan."""

    row: int
    action: Literal["create", "amend", "unchanged"]
    name: str
    kind: PlanKind
    changed: list[str]


class PlanImportOut(Fact):
    """What a sheet would do, or did, to the register."""

    applied: bool
    created: int
    amended: int
    unchanged: int
    faults: list[CellFault]
    faults_total: int
    rows: list[PlanImportRow]
