"""Tables of orders: the order with its versions, whom it goes to, their tasks, answers and supervision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class DispatchOrder(SQLModel, table=True):
    """An order (指令单). `number` is given when it is issued; `version` grows with each amendment after that.

    `revision` counts every change, so that nobody overwrites what he has not read. `region_code` is whose
    order it is; `issued_as`: leader_in_charge, commander, oral_consent (of `consent_of`).
    A `drill` (演练) has numbers of its own and leaves by the app alone.
    """

    __tablename__ = "dispatch_order"
    __table_args__ = (
        UniqueConstraint("stream", "series", "year", "running", name="an_order_number_is_given_once"),
        CheckConstraint("(number IS NULL) = (issued_at IS NULL)", name="an_issued_order_has_a_number"),
        Index("dispatch_order_state", "stream", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")
    drill: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    series: str | None = None
    year: int | None = None
    running: int | None = None
    number: str | None = None
    version: int = 1
    revision: int = 1
    state: str = "draft"  # draft | issued | closed | withdrawn
    title: str
    text: str = ""
    basis: str = "text"  # incident | instruction | plan_card | text
    basis_text: str = ""
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger, index=True)
    instruction_id: int | None = Field(
        default=None, foreign_key="leader_instruction.id", sa_type=BigInteger, index=True
    )
    report_requirement: str = ""
    report_due_at: datetime | None = instant(nullable=True)
    ack_within_s: int
    issued_as: str | None = None
    consent_of: str = ""
    consent_at: datetime | None = instant(nullable=True)
    drafted_by: str
    drafted_at: datetime = instant()
    issued_by: str | None = None
    issued_at: datetime | None = instant(nullable=True)
    closed_at: datetime | None = instant(nullable=True)
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = instant(nullable=True)
    withdrawn_reason: str = ""


class OrderVersion(SQLModel, table=True):
    """An issued version exactly as it read: what was amended is not rewritten."""

    __tablename__ = "order_version"

    order_id: int = Field(primary_key=True, foreign_key="dispatch_order.id", sa_type=BigInteger)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    content: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    reason: str = ""
    made_by: str
    made_at: datetime = instant()


class OrderRecipient(SQLModel, table=True):
    """One unit, team or person to whom an order goes, and how far it is with it.

    `next_step_at` is when its silence is next acted upon: a column survives a restart. `ack_told` and
    `report_told` are how often it was supervised in this round (0, 1, 2).
    """

    __tablename__ = "order_recipient"
    __table_args__ = (
        CheckConstraint("num_nonnulls(unit_id, team_id, person_id) = 1", name="order_recipient_is_one"),
        Index("order_recipient_due", "next_step_at", postgresql_where=text("next_step_at IS NOT NULL")),
        Index("order_recipient_of_order", "order_id", "ordinal"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    order_id: int = Field(foreign_key="dispatch_order.id", sa_type=BigInteger)
    ordinal: int
    unit_id: int | None = Field(default=None, foreign_key="org_unit.id", sa_type=BigInteger)
    team_id: int | None = Field(default=None, foreign_key="team.id", sa_type=BigInteger)
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger)
    name: str
    region_code: str
    state: str = "draft"  # draft | sent | acknowledged | reported | closed | released
    reach: str = "none"  # app | device | none: none has to be called
    round: int = 1
    sent_at: datetime | None = instant(nullable=True)
    ack_due_at: datetime | None = instant(nullable=True)
    acknowledged_at: datetime | None = instant(nullable=True)
    acknowledged_by: str = ""
    ack_channel: str | None = None
    acked_version: int | None = None
    report_due_at: datetime | None = instant(nullable=True)
    reported_at: datetime | None = instant(nullable=True)
    closed_at: datetime | None = instant(nullable=True)
    closed_by: str = ""
    ack_told: int = 0
    report_told: int = 0
    next_step_at: datetime | None = instant(nullable=True)


class OrderTask(SQLModel, table=True):
    """A task of a recipient. `ordinal` is the same where one task is everybody's."""

    __tablename__ = "order_task"
    __table_args__ = (Index("order_task_of_recipient", "recipient_id", "ordinal"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    order_id: int = Field(foreign_key="dispatch_order.id", sa_type=BigInteger, index=True)
    recipient_id: int = Field(foreign_key="order_recipient.id", sa_type=BigInteger)
    ordinal: int
    kind: str  # personnel | equipment | facility | supplies | information | action
    text: str
    due_at: datetime | None = instant(nullable=True)
    state: str = "open"  # open | reported | accepted | dropped


class OrderAnswer(SQLModel, table=True):
    """What a recipient or, about it, the issuer said. Three times: happened, told, entered; by which channel;
    `voucher` is who vouches for what was typed on another's behalf.
    """

    __tablename__ = "order_answer"
    __table_args__ = (Index("order_answer_of_recipient", "recipient_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    recipient_id: int = Field(foreign_key="order_recipient.id", sa_type=BigInteger)
    version: int
    kind: str  # acknowledged | progress | done | accepted | returned
    text: str = ""
    task_ids: list[int] = Field(default_factory=none_yet, sa_column=Column(ARRAY(BigInteger), nullable=False))
    channel: str = "app"
    voucher: str = ""
    by: str
    happened_at: datetime = instant()
    told_at: datetime = instant()
    entered_at: datetime = instant()


class OrderSupervision(SQLModel, table=True):
    """One supervision (督办): each fires once a round. `called` are who was called, and why he."""

    __tablename__ = "order_supervision"
    __table_args__ = (
        UniqueConstraint("recipient_id", "round", "about", "step", name="a_supervision_fires_once"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    recipient_id: int = Field(foreign_key="order_recipient.id", sa_type=BigInteger)
    round: int
    about: str  # acknowledgement | report
    step: int
    due_at: datetime = instant()
    fired_at: datetime = instant()
    called: list[dict[str, Any]] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
