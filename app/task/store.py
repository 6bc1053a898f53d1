"""Every SQL statement about tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from app.db import Tx, sql
from app.org.rules.access import Viewer
from app.task.facts import TaskCount, TaskFact, TaskNoteFact
from app.task.rules import rate
from app.task.tables import Task, TaskNote

MOST = 300
_FACT = """
SELECT t.id, t.kind, t.state, t.revision, t.title, t.text, t.region_code, r.name_zh AS region_name,
       t.source_kind, t.source_id, t.source_words, t.unit_id, u.name_zh AS unit_name, t.owner, t.due_at,
       t.found_by, t.found_at, t.assigned_by, t.assigned_at, t.fixed_by, t.fixed_at, t.checked_by,
       t.checked_at, t.ended_by, t.ended_at, t.returns
  FROM task t JOIN region r ON r.code = t.region_code LEFT JOIN org_unit u ON u.id = t.unit_id
"""
_MINE = " WHERE t.stream = :stream AND t.region_code LIKE :scope || '%'"
_COUNTS = """
SELECT t.kind, count(*) AS total, count(*) FILTER (WHERE t.state = 'closed') AS closed,
       count(*) FILTER (WHERE t.state = 'dropped') AS dropped,
       count(*) FILTER (WHERE t.state NOT IN ('closed', 'dropped') AND t.due_at < :now) AS late
  FROM task t WHERE t.stream = :stream AND t.region_code LIKE :scope || '%' GROUP BY t.kind ORDER BY t.kind
"""


async def fact(tx: Tx, task_id: int) -> TaskFact:
    """Return the wire shape of one task."""
    return TaskFact(**(await tx.execute(sql(_FACT + " WHERE t.id = :id"), {"id": task_id})).mappings().one())


async def seen(tx: Tx, by: Viewer, task_id: int) -> TaskFact | None:
    """Return a task of one's scope, or None."""
    told = {"stream": by.stream, "scope": by.scope, "id": task_id}
    row = (await tx.execute(sql(_FACT + _MINE + " AND t.id = :id"), told)).mappings().first()
    return TaskFact(**row) if row else None


async def listed(
    tx: Tx, by: Viewer, kind: str | None, states: Sequence[str], source: tuple[str, int] | None
) -> list[TaskFact]:
    """Return the tasks of one's scope, those due first in front, 300 at most."""
    rows = await tx.execute(
        sql(
            _FACT
            + _MINE
            + " AND (CAST(:kind AS text) IS NULL OR t.kind = :kind) AND t.state = ANY(:states)"
            + " AND (CAST(:source AS text) IS NULL OR t.source_kind = :source AND t.source_id = :source_id)"
            + " ORDER BY t.state IN ('closed', 'dropped'), t.due_at NULLS LAST, t.id DESC LIMIT :most"
        ),
        {
            "stream": by.stream,
            "scope": by.scope,
            "kind": kind,
            "states": list(states),
            "source": source[0] if source else None,
            "source_id": source[1] if source else None,
            "most": MOST,
        },
    )
    return [TaskFact(**row) for row in rows.mappings()]


async def counts(tx: Tx, by: Viewer, now: datetime) -> list[TaskCount]:
    """Return how much of each kind was found and closed in one's scope."""
    rows = await tx.execute(
        sql(_COUNTS),
        {"stream": by.stream, "scope": by.scope, "now": now},
    )
    return [
        TaskCount(**row, rate=rate(row["closed"], row["dropped"], row["total"])) for row in rows.mappings()
    ]


async def locked(tx: Tx, stream: str, task_id: int) -> Task | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(Task).where(col(Task.id) == task_id, col(Task.stream) == stream).with_for_update()
    )
    return found.scalar_one_or_none()


async def notes(tx: Tx, task_id: int) -> list[TaskNoteFact]:
    """Return the steps of a task, the first in front."""
    rows = await tx.execute(
        select(TaskNote).where(col(TaskNote.task_id) == task_id).order_by(col(TaskNote.id))
    )
    return [TaskNoteFact.model_validate(row) for row in rows.scalars()]


async def unit_is_known(tx: Tx, stream: str, unit_id: int) -> bool:
    """Whether a unit of the county is in the register and serves."""
    found = await tx.scalar(
        sql("SELECT EXISTS (SELECT 1 FROM org_unit WHERE id = :id AND stream = :stream AND active)"),
        {"id": unit_id, "stream": stream},
    )
    return bool(found)
