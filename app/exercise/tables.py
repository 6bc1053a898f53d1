"""Tables of drills: the drill, who controls and judges it, its injects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db import instant


class Drill(SQLModel, table=True):
    """A drill (演练). `source` is its script as the director wrote it.

    `stood_still_s` is how long it was paused. `live_voice` lets loudspeakers sound in it, with the name of
    another person who let that be.
    """

    __tablename__ = "drill"
    __table_args__ = (
        UniqueConstraint("stream", "number", name="a_drill_number_is_given_once"),
        CheckConstraint("live_voice = (live_voice_by IS NOT NULL)", name="somebody_lets_loudspeakers_sound"),
        CheckConstraint("(state = 'paused') = (paused_at IS NOT NULL)", name="a_pause_has_its_beginning"),
        Index("drill_under_way", "stream", postgresql_where=text("state IN ('running', 'paused')")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    number: str
    code: str
    name: str
    kind: str
    no_script: bool
    purpose: str
    state: str = "planned"
    revision: int = 1
    source: str
    planned_at: datetime = instant()
    minutes: int
    started_at: datetime | None = instant(nullable=True)
    paused_at: datetime | None = instant(nullable=True)
    pause_reason: str = ""
    stood_still_s: int = 0
    ended_at: datetime | None = instant(nullable=True)
    live_voice: bool = False
    live_voice_by: str | None = None
    director: str
    made_at: datetime = instant()
    summary: str = ""
    evaluated_by: str | None = None
    evaluated_at: datetime | None = instant(nullable=True)


class DrillMember(SQLModel, table=True):
    """Who directs, controls or judges a drill, and alone may read its injects."""

    __tablename__ = "drill_member"

    drill_id: int = Field(primary_key=True, foreign_key="drill.id", sa_type=BigInteger)
    account_id: int = Field(primary_key=True, foreign_key="account.id", sa_type=BigInteger)
    role: str  # director | controller | evaluator


class DrillInject(SQLModel, table=True):
    """One inject, hidden until it comes. `spec` is what the script says; `notice_id` or `alarm_id` what came.

    `done_at` is what a controller saw by himself; what the house can see it reckons from its own rows.
    """

    __tablename__ = "drill_inject"
    __table_args__ = (UniqueConstraint("drill_id", "key", name="an_inject_is_named_once"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    drill_id: int = Field(foreign_key="drill.id", sa_type=BigInteger)
    ordinal: int
    key: str
    spec: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    state: str = "waiting"
    fired_at: datetime | None = instant(nullable=True)
    moved_by: str = ""
    notice_id: int | None = Field(default=None, foreign_key="intake_notice.id", sa_type=BigInteger)
    alarm_id: int | None = Field(default=None, foreign_key="alarm.id", sa_type=BigInteger)
    done_at: datetime | None = instant(nullable=True)
    done_by: str = ""
    remark: str = ""
    points: int | None = None  # what an evaluator gave instead of what was reckoned
