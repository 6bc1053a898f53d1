"""Table of leave."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, SQLModel

from app.db import instant


class Leave(SQLModel, table=True):
    """A person is away for a while, once a leader has approved it. Nobody is away twice at once.

    `kind`: annual, sick, personal, official (公出), training. `place` is where, `in_area` whether within the
    county (外出报备, rules B7 R14).
    """

    __tablename__ = "leave"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="leave_has_a_length"),
        ExcludeConstraint(
            (text("int8range(person_id, person_id, '[]')"), "&&"),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            where=text("state IN ('asked', 'approved')"),
            name="leave_once_at_a_time",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    person_id: int = Field(foreign_key="person.id", sa_type=BigInteger)
    kind: str
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    reason: str = ""
    place: str = ""
    in_area: bool = True
    state: str = "asked"  # asked | approved | refused | withdrawn
    asked_by: str = ""
    asked_at: datetime = instant()
    decided_by: str | None = None
    decided_at: datetime | None = instant(nullable=True)
    remark: str = ""
