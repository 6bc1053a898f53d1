"""One cause, one open task: a device that is out of order, a post that was found wanting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor
from app.task import store
from app.task.actions import Source
from app.task.commands import CauseTaskIn
from app.task.events import TaskMoved
from app.task.facts import TaskFact
from app.task.rules import TaskKind
from app.task.tables import Task, TaskNote

HOUSE = "系统"


@dataclass(frozen=True, slots=True)
class Cause:
    """What is out of order: where it is, how its task is called, and what it came of."""

    stream: str
    region_code: str
    kind: TaskKind
    title: str
    source: Source


async def open_for(
    tx: Tx, by: Viewer | None, cause: Cause, told: CauseTaskIn, now: datetime
) -> tuple[TaskFact, bool]:
    """Write the task of a cause, or return the one that is open; and whether it is new.

    `by` None is the house itself. Whether this person may is asked by the caller, who knows the cause.
    """
    source = cause.source
    assert source.id is not None
    if (known := await store.open_of(tx, source.kind, source.id)) is not None:
        return await store.fact(tx, known), False
    name = by.name if by else HOUSE
    row = Task(
        stream=cause.stream,
        region_code=cause.region_code,
        kind=cause.kind,
        title=cause.title[:120],
        text=told.words,
        source_kind=source.kind,
        source_id=source.id,
        source_words=source.words,
        unit_id=told.unit_id,
        owner=told.owner,
        due_at=told.due_at,
        found_by=name,
        found_at=now,
    )
    if told.unit_id is not None or told.owner:
        row.state, row.assigned_by, row.assigned_at = "assigned", name, now
    tx.add(row)
    await tx.flush()
    tx.add(TaskNote(task_id=row.id or 0, step="find", words=told.words, by_name=name, at=now))
    await tx.flush()
    fact = await store.fact(tx, row.id or 0)
    event = TaskMoved(type="task.found", task=fact, step="find", words=told.words)
    entry = journal.Entry(event, Concern((row.region_code,)))
    await journal.append(tx, cause.stream, now, [entry], actor(by) if by else None)
    return fact, True
