"""Tables of plans: the register with its versions, action cards, and cards in force with their tasks."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class Plan(SQLModel, table=True):
    """A plan of the register. `hazards` are beginnings of event codes; `revision` counts its changes.

    `kind`: general, special, departmental, township, grassroots.
    `tier`: county, township, village, enterprise.
    """

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("stream", "region_code", "name_zh", name="a_plan_is_named_once"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    kind: str
    tier: str
    name_zh: str
    hazards: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    owner_unit_id: int | None = Field(default=None, foreign_key="org_unit.id", sa_type=BigInteger)
    owner_name: str = ""
    region_code: str = Field(foreign_key="region.code")
    revision: int = 1
    changed_by: str
    changed_at: datetime = instant()
    retired_at: datetime | None = instant(nullable=True)
    retired_reason: str = ""


class PlanVersion(SQLModel, table=True):
    """A version as it was issued; its file lies under its hash. `valid_to` is its last day, None: no end."""

    __tablename__ = "plan_version"

    plan_id: int = Field(primary_key=True, foreign_key="plan.id", sa_type=BigInteger)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = ""
    issued_on: date
    valid_to: date | None = None
    note: str = ""
    sha256: str = ""
    file_name: str = ""
    media_type: str = ""
    size: int = 0
    made_by: str
    made_at: datetime = instant()


class ActionCard(SQLModel, table=True):
    """A version of a plan's action card (行动卡), as the text that was written."""

    __tablename__ = "action_card"

    plan_id: int = Field(primary_key=True, foreign_key="plan.id", sa_type=BigInteger)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    text: str
    note: str = ""
    made_by: str
    made_at: datetime = instant()


class PlanRun(SQLModel, table=True):
    """A card proposed for a cause, and in force once a leader approved it.

    `state`: proposed, running, refused, ended. `region_codes` empty: the whole county. `led`: it belongs to
    a response, which moves and ends it.
    """

    __tablename__ = "plan_run"
    __table_args__ = (Index("plan_run_of_county", "stream", "state", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")
    plan_id: int = Field(foreign_key="plan.id", sa_type=BigInteger)
    card_version: int
    level: int
    cause_kind: str  # incident | warning | words
    cause_id: int | None = Field(default=None, sa_type=BigInteger)
    cause_words: str
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger, index=True)
    region_codes: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    drill: bool = False
    led: bool = False
    state: str = "proposed"
    proposed_by: str
    proposed_at: datetime = instant()
    decided_by: str | None = None
    decided_as: str | None = None
    decided_account: int | None = Field(default=None, sa_type=BigInteger)
    consent_of: str = ""
    consent_at: datetime | None = instant(nullable=True)
    decided_at: datetime | None = instant(nullable=True)
    remark: str = ""
    ended_by: str | None = None
    ended_at: datetime | None = instant(nullable=True)
    ended_reason: str = ""


class PlanTask(SQLModel, table=True):
    """A task of a card in force: the order it went out as, or why it could not. A key is out once."""

    __tablename__ = "plan_task"
    __table_args__ = (
        Index(
            "a_task_is_out_once",
            "run_id",
            "key",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    run_id: int = Field(foreign_key="plan_run.id", sa_type=BigInteger)
    ordinal: int
    key: str
    level: int
    to: str
    text: str
    document: str = ""
    stops: bool = False
    due_at: datetime = instant()
    order_id: int | None = Field(
        default=None, foreign_key="dispatch_order.id", sa_type=BigInteger, index=True
    )
    unresolved: str = ""
    sent_at: datetime = instant()
    withdrawn_at: datetime | None = instant(nullable=True)
    withdrawn_by: str = ""
    withdrawn_reason: str = ""
