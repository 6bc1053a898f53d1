"""Tables of responses: each with its decisions and consultations, and the duty that follows from all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class Response(SQLModel, table=True):
    """A response (应急响应) to a hazard. `level` 1 to 4, 1 the highest; None before it is activated.

    The level of the event and the colour of a warning are columns of their own: none follows from another.
    `region_codes` empty: the whole county. `state`: proposed, active, refused, ended.
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 4", name="a_response_level_is_1_to_4"),
        CheckConstraint(
            "(level IS NULL) = (state IN ('proposed', 'refused'))", name="an_active_response_has_a_level"
        ),
        Index("response_of_county", "stream", "state", "id"),
        Index(
            "one_response_to_a_hazard",
            "stream",
            "event_code",
            "drill",
            unique=True,
            postgresql_where=text("state IN ('proposed', 'active')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")
    event_code: str
    hazard: str
    plan_id: int | None = Field(default=None, foreign_key="plan.id", sa_type=BigInteger)
    run_id: int | None = Field(default=None, foreign_key="plan_run.id", sa_type=BigInteger, index=True)
    state: str = "proposed"
    level: int | None = None
    event_level: str | None = None
    warning_colour: str | None = None
    cause_kind: str
    cause_id: int | None = Field(default=None, sa_type=BigInteger)
    cause_words: str
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger, index=True)
    region_codes: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    drill: bool = False
    proposed_by: str
    proposed_at: datetime = instant()
    began_at: datetime | None = instant(nullable=True)
    changed_at: datetime | None = instant(nullable=True)  # when its level was decided last
    ended_at: datetime | None = instant(nullable=True)


class ResponseStep(SQLModel, table=True):
    """A proposal and what the commander made of it, with the words of the order it became.

    `kind`: activate, adjust, terminate. `state`: open, accepted (`level` as decided), refused. One is open at
    a time. `consent_of` decided; `signed_at` is when he signed what he had consented to by word of mouth.
    """

    __tablename__ = "response_step"
    __table_args__ = (
        Index(
            "one_open_proposal_of_a_response",
            "response_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )

    response_id: int = Field(primary_key=True, foreign_key="response.id", sa_type=BigInteger)
    step: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str
    state: str = "open"
    level_before: int | None = None
    proposed_level: int | None = None
    level: int | None = None
    warning_colour: str | None = None
    event_level: str | None = None
    basis: str
    proposed_by: str
    proposed_at: datetime = instant()
    decided_by: str | None = None
    decided_as: str | None = None
    decided_account: int | None = Field(default=None, sa_type=BigInteger)
    consent_of: str = ""
    consent_at: datetime | None = instant(nullable=True)
    decided_at: datetime | None = instant(nullable=True)
    remark: str = ""
    signed_by: str | None = None
    signed_at: datetime | None = instant(nullable=True)
    number: str = ""
    title: str = ""
    paragraphs: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    sent: list[dict[str, Any]] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
    withdrawn: list[dict[str, Any]] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
    unresolved: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    order_id: int | None = Field(default=None, foreign_key="dispatch_order.id", sa_type=BigInteger)


class ResponseConsultation(SQLModel, table=True):
    """A consultation (会商) that was held for a response."""

    __tablename__ = "response_consultation"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    response_id: int = Field(foreign_key="response.id", sa_type=BigInteger, index=True)
    held_at: datetime = instant()
    chaired_by: str
    words: str
    entered_by: str
    entered_at: datetime = instant()


class ResponseDuty(SQLModel, table=True):
    """The duty that holds now for all responses together, drills apart: the strictest level.

    `round_up_id` is the first round of the series that is asked, `period_id` the declared key period.
    """

    __tablename__ = "response_duty"

    stream: str = Field(primary_key=True)
    drill: bool = Field(primary_key=True)
    level: int | None = None
    region_codes: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    hazards: str = ""
    since: datetime | None = instant(nullable=True)
    round_up_id: int | None = Field(default=None, foreign_key="status_call.id", sa_type=BigInteger)
    period_id: int | None = Field(default=None, foreign_key="declared_period.id", sa_type=BigInteger)
