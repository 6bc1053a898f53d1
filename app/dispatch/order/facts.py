"""Wire shapes of orders."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.assignment_facts import AnswerChannel
from app.dispatch.order.commands import Basis, TaskKind
from app.dispatch.order.rules.steps import OrderState, RecipientState, TaskState
from app.dispatch.order.rules.supervise import About
from app.duty.roster.on_call import CalledFact
from app.wire import Fact


class OrderFact(Fact):
    """An order with its text and how many of its recipients are how far. `number` None while a draft."""

    id: int
    number: str | None
    version: int
    revision: int
    state: OrderState
    region_code: str
    drill: bool
    title: str
    text: str
    basis: Basis
    basis_text: str
    incident_id: int | None
    incident_number: str | None
    instruction_id: int | None
    restricted: bool
    report_requirement: str
    report_due_at: datetime | None
    issued_as: Literal["leader_in_charge", "commander", "oral_consent"] | None
    consent_of: str
    consent_at: datetime | None
    drafted_by: str
    drafted_at: datetime
    issued_by: str | None
    issued_at: datetime | None
    closed_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawn_reason: str
    addressees: list[str]
    recipients: int
    acknowledged: int
    closed: int
    supervised: int
    next_due_at: datetime | None


class OrderTaskFact(Fact):
    """A task of a recipient."""

    id: int
    ordinal: int
    kind: TaskKind
    text: str
    due_at: datetime | None
    state: TaskState


class OrderAnswerFact(Fact):
    """What was said about a recipient's part: by whom, by which channel, and the three times."""

    id: int
    version: int
    kind: Literal["acknowledged", "progress", "done", "accepted", "returned"]
    text: str
    task_ids: list[int]
    channel: AnswerChannel
    voucher: str
    by: str
    happened_at: datetime
    told_at: datetime
    entered_at: datetime


class OrderSupervisionFact(Fact):
    """A supervision that fired; `delayed`: after its time, because nothing ran then."""

    about: About
    step: int
    round: int
    due_at: datetime
    fired_at: datetime
    delayed: bool
    called: list[CalledFact]


class OrderRecipientFact(Fact):
    """How far one recipient is. `state` says delivered as soon as a message reached him."""

    id: int
    order_id: int
    ordinal: int
    unit_id: int | None
    team_id: int | None
    person_id: int | None
    name: str
    region_code: str
    phone: str
    state: RecipientState | Literal["delivered"]
    reach: Literal["app", "device", "none"]
    sent_at: datetime | None
    delivered_at: datetime | None
    ack_due_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    ack_channel: AnswerChannel | None
    acked_version: int | None
    report_due_at: datetime | None
    reported_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    tasks: list[OrderTaskFact]


class OrderRecipientDetail(OrderRecipientFact):
    """The same with everything said and every supervision. `mine`: the reader answers for it himself."""

    answers: list[OrderAnswerFact]
    supervisions: list[OrderSupervisionFact]
    mine: bool


class OrderVersionFact(Fact):
    """An issued version: its title and tasks as they read then."""

    version: int
    title: str
    tasks: list[str]
    reason: str
    made_by: str
    made_at: datetime


class OrderDetail(OrderFact):
    """An order with the recipients of the reader's scope. `issuing`: it is his desk's own order."""

    parts: list[OrderRecipientDetail]
    versions: list[OrderVersionFact]
    issuing: bool


class MyOrderFact(Fact):
    """An order as its recipient sees it."""

    order: OrderFact
    part: OrderRecipientDetail
