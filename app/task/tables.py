"""Tables of closed loops."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.db import instant


class Task(SQLModel, table=True):
    """One thing to be put right (闭环任务): who found it, who puts it right by when, who checked it.

    `source_kind` and `source_id` name what it came of (a drill, a spot check, an incident) without a foreign
    key: those stand on floors above. `revision` counts every change. What a whistle became on the
    floor above is `incident_id`, its state `converted`.
    """

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('assigned', 'fixed', 'checked', 'closed') OR unit_id IS NOT NULL OR owner <> ''",
            name="what_is_assigned_is_somebodys",
        ),
        CheckConstraint("state <> 'closed' OR checked_at IS NOT NULL", name="what_is_closed_was_checked"),
        CheckConstraint(
            "(state = 'converted') = (incident_id IS NOT NULL)", name="what_was_converted_names_its_incident"
        ),
        Index("task_open", "stream", "due_at", postgresql_where=text("state NOT IN ('closed', 'dropped')")),
        Index("task_of_source", "source_kind", "source_id"),
        # Pressed twice, or told again by the clock, one cause has one open task.
        Index(
            "one_open_task_of_a_cause",
            "source_kind",
            "source_id",
            unique=True,
            postgresql_where=text(
                "source_kind IN ('device', 'spot_finding')"
                " AND state NOT IN ('closed', 'dropped', 'converted')"
            ),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    region_code: str = Field(foreign_key="region.code")
    kind: str
    state: str = "found"
    revision: int = 1
    title: str
    text: str = ""
    source_kind: str = ""
    source_id: int | None = Field(default=None, sa_type=BigInteger)
    source_words: str = ""
    unit_id: int | None = Field(default=None, foreign_key="org_unit.id", sa_type=BigInteger)
    owner: str = ""
    due_at: datetime | None = instant(nullable=True)
    urgent: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    incident_id: int | None = Field(default=None, sa_type=BigInteger)
    found_by: str
    found_at: datetime = instant()
    assigned_by: str | None = None
    assigned_at: datetime | None = instant(nullable=True)
    fixed_by: str | None = None
    fixed_at: datetime | None = instant(nullable=True)
    checked_by: str | None = None
    checked_at: datetime | None = instant(nullable=True)
    ended_by: str | None = None
    ended_at: datetime | None = instant(nullable=True)
    returns: int = 0


class TaskArrival(SQLModel, table=True):
    """A department that a whistle calls to the place (报到): by when, who came when, and who says so."""

    __tablename__ = "task_arrival"
    __table_args__ = (
        UniqueConstraint("task_id", "unit_id", name="a_whistle_calls_a_department_once"),
        CheckConstraint("(arrived_at IS NULL) = (arrived_name = '')", name="who_came_has_a_name"),
        Index(
            "task_arrival_waits",
            "due_at",
            postgresql_where=text("arrived_at IS NULL AND overdue_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    task_id: int = Field(foreign_key="task.id", sa_type=BigInteger)
    unit_id: int = Field(foreign_key="org_unit.id", sa_type=BigInteger)
    due_at: datetime = instant()
    arrived_at: datetime | None = instant(nullable=True)
    arrived_name: str = ""
    told_by: str | None = None
    overdue_at: datetime | None = instant(nullable=True)  # when it was told that nobody came


class TaskNote(SQLModel, table=True):
    """One step of a task as it was told: nothing of it is overwritten."""

    __tablename__ = "task_note"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    task_id: int = Field(foreign_key="task.id", sa_type=BigInteger, index=True)
    step: str
    words: str
    by_name: str
    at: datetime = instant()
