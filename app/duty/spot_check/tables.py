"""Tables of spot checks: the check, its findings and calls, and what follows from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class SpotCheck(SQLModel, table=True):
    """One round of checks (抽查): which posts could be drawn, and the seed by which they were.

    `pool` are the posts as they were when it was drawn, `pool_ranks` their ranks when those who lack their
    quota came first, as `[post_id, rank]`: draw(pool, drawn, seed, ranks) gives the findings again.
    `response_level` is the response in force, for which leaders have to be on site (R2).
    """

    __tablename__ = "spot_check"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="spot_check_has_a_length"),
        Index("spot_check_of_stream", "stream", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    title: str
    ordered_by: str = ""
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    pool: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    pool_ranks: list[list[int]] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
    weighting: str = "plain"  # plain | quota
    seed: str
    response_level: int | None = None
    state: str = "open"  # open | finished | cancelled
    opened_by: str
    opened_at: datetime = instant()
    owner_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BigInteger)  # who opened it
    told: str = Field(default="", sa_column_kwargs={"server_default": ""})  # "" | owner | lead: it begins
    finished_by: str | None = None
    finished_at: datetime | None = instant(nullable=True)


class SpotFinding(SQLModel, table=True):
    """What one drawn post was found to be. `result` and `leader` are the facts, `failures` follows from them.

    `roster` are those who held the post's seats when it was called: the past is not computed anew.
    """

    __tablename__ = "spot_finding"
    __table_args__ = (
        UniqueConstraint("spot_check_id", "post_id", name="a_post_is_drawn_once"),
        Index("spot_finding_of_post", "post_id", "judged_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    spot_check_id: int = Field(foreign_key="spot_check.id", sa_type=BigInteger)
    post_id: int = Field(foreign_key="duty_post.id", sa_type=BigInteger)
    ordinal: int
    method: str  # phone | app | radio | satellite_phone | beidou | video
    state: str = "waiting"  # waiting | calling | retry | passed | failed | not_checked
    retry_due_at: datetime | None = instant(nullable=True)
    roster: list[dict[str, Any]] = Field(default_factory=none_yet, sa_column=Column(JSONB, nullable=False))
    answered_by: str = ""
    relation: str | None = None  # on_roster | substitute | not_on_roster | no_roster
    result: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    leader: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    failures: list[str] = Field(default_factory=none_yet, sa_column=Column(ARRAY(Text), nullable=False))
    judged_at: datetime | None = instant(nullable=True)
    judged_by: str = ""


class SpotAttempt(SQLModel, table=True):
    """One call of a post. `seconds` is measured here unless whoever called counted them himself.

    A call that was sent through the post's device has that device, the message and its code.
    """

    __tablename__ = "spot_attempt"
    __table_args__ = (UniqueConstraint("finding_id", "number", name="an_attempt_has_its_number"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    finding_id: int = Field(foreign_key="spot_finding.id", sa_type=BigInteger)
    number: int
    called_at: datetime = instant()
    called_by: str
    answered: bool | None = None  # None while it rings
    ended_at: datetime | None = instant(nullable=True)
    rings: int | None = None
    seconds: int | None = None
    source: str = Field(default="typed", sa_column_kwargs={"server_default": "typed"})  # tap | text | receipt
    device_id: int | None = Field(default=None, foreign_key="device.id", sa_type=BigInteger, index=True)
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id", sa_type=BigInteger)
    code: str = Field(default="", sa_column_kwargs={"server_default": ""})
    answer: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Rectification(SQLModel, table=True):
    """A failure to be put right at once (限时整改): the post reports it done, the centre confirms."""

    __tablename__ = "rectification"
    __table_args__ = (UniqueConstraint("finding_id", "failure", name="a_failure_is_rectified_once"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    finding_id: int = Field(foreign_key="spot_finding.id", sa_type=BigInteger)
    post_id: int = Field(foreign_key="duty_post.id", sa_type=BigInteger)
    failure: str
    opened_at: datetime = instant()
    due_at: datetime = instant()
    state: str = "open"  # open | reported | done | cancelled
    told: str = Field(default="", sa_column_kwargs={"server_default": ""})  # "" | due | overdue
    evidence: str = ""
    reported_by: str | None = None
    reported_at: datetime | None = instant(nullable=True)
    remark: str = ""
    confirmed_by: str | None = None
    confirmed_at: datetime | None = instant(nullable=True)


class SpotCircular(SQLModel, table=True):
    """The circular on a finished check (通报). `version` grows with every edit; once signed it stands."""

    __tablename__ = "spot_circular"

    spot_check_id: int = Field(
        primary_key=True,
        foreign_key="spot_check.id",
        sa_type=BigInteger,
        sa_column_kwargs={"autoincrement": False},
    )
    version: int = 1
    title: str
    body: str
    state: str = "draft"  # draft | signed | issued
    drafted_by: str
    drafted_at: datetime = instant()
    signed_by: str | None = None
    signed_at: datetime | None = instant(nullable=True)
    issued_by: str | None = None
    issued_at: datetime | None = instant(nullable=True)


class SpotReceipt(SQLModel, table=True):
    """One unit to which the circular was issued, and who there acknowledged it (签收)."""

    __tablename__ = "spot_receipt"

    spot_check_id: int = Field(
        primary_key=True, foreign_key="spot_circular.spot_check_id", sa_type=BigInteger
    )
    post_id: int = Field(primary_key=True, foreign_key="duty_post.id", sa_type=BigInteger)
    received_by: str | None = None
    received_at: datetime | None = instant(nullable=True)


class SpotAppeal(SQLModel, table=True):
    """A post says that a failure is wrong. What was refused is kept; one appeal at a time."""

    __tablename__ = "spot_appeal"
    __table_args__ = (
        Index(
            "a_failure_is_appealed_once_at_a_time",
            "finding_id",
            "failure",
            unique=True,
            postgresql_where=text("state IN ('asked', 'upheld')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    finding_id: int = Field(foreign_key="spot_finding.id", sa_type=BigInteger)
    failure: str
    evidence: str
    asked_by: str
    asked_at: datetime = instant()
    state: str = "asked"  # asked | upheld | refused
    decided_by: str | None = None
    decided_at: datetime | None = instant(nullable=True)
    remark: str = ""
