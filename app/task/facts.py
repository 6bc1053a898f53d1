"""Tasks on the wire."""

from __future__ import annotations

from datetime import datetime

from app.task.rules import TaskKind, TaskState
from app.wire import Fact


class TaskArrivalFact(Fact):
    """A department that a whistle calls to the place."""

    unit_id: int
    unit_name: str
    due_at: datetime
    arrived_at: datetime | None
    arrived_name: str
    told_by: str | None
    overdue_at: datetime | None


class TaskFact(Fact):
    """One thing to be put right, with who did what when. `arrivals` are of a whistle (吹哨报到) alone."""

    id: int
    kind: TaskKind
    state: TaskState
    revision: int
    title: str
    text: str
    region_code: str
    region_name: str
    source_kind: str
    source_id: int | None
    source_words: str
    unit_id: int | None
    unit_name: str | None
    owner: str
    due_at: datetime | None
    found_by: str
    found_at: datetime
    assigned_by: str | None
    assigned_at: datetime | None
    fixed_by: str | None
    fixed_at: datetime | None
    checked_by: str | None
    checked_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None
    returns: int
    urgent: bool
    incident_id: int | None
    arrivals: list[TaskArrivalFact]


class TaskNoteFact(Fact):
    """One step of a task as it was told."""

    step: str
    words: str
    by_name: str
    at: datetime


class TaskDetail(TaskFact):
    """A task with every step."""

    notes: list[TaskNoteFact]


class TaskCount(Fact):
    """How many tasks of a kind there are, how many are closed, and the rate (销号率)."""

    kind: TaskKind
    total: int
    closed: int
    dropped: int
    converted: int
    late: int
    rate: float | None


class TaskBoard(Fact):
    """The tasks asked for, those due first in front, and the counts by kind of all of one's scope."""

    tasks: list[TaskFact]
    counts: list[TaskCount]
