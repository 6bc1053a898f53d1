"""Every SQL statement about tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping
from sqlmodel import col, select

from app.db import Tx, sql
from app.org.rules.access import Viewer
from app.task.facts import TaskArrivalFact, TaskCount, TaskFact, TaskNoteFact
from app.task.rules import rate
from app.task.tables import Task, TaskArrival, TaskNote

MOST = 300
_FACT = """
SELECT t.id, t.kind, t.state, t.revision, t.title, t.text, t.region_code, r.name_zh AS region_name,
       t.source_kind, t.source_id, t.source_words, t.unit_id, u.name_zh AS unit_name, t.owner, t.due_at,
       t.found_by, t.found_at, t.assigned_by, t.assigned_at, t.fixed_by, t.fixed_at, t.checked_by,
       t.checked_at, t.ended_by, t.ended_at, t.returns, t.urgent, t.incident_id
  FROM task t JOIN region r ON r.code = t.region_code LEFT JOIN org_unit u ON u.id = t.unit_id
"""
_ARRIVALS = """
SELECT a.task_id, a.unit_id, u.name_zh AS unit_name, a.due_at, a.arrived_at, a.arrived_name, a.told_by,
       a.overdue_at
  FROM task_arrival a JOIN org_unit u ON u.id = a.unit_id WHERE a.task_id = ANY(:tasks) ORDER BY a.id
"""
_MINE = " WHERE t.stream = :stream AND t.region_code LIKE :scope || '%'"
_COUNTS = """
SELECT t.kind, count(*) AS total, count(*) FILTER (WHERE t.state = 'closed') AS closed,
       count(*) FILTER (WHERE t.state = 'dropped') AS dropped,
       count(*) FILTER (WHERE t.state = 'converted') AS converted,
       count(*) FILTER (WHERE t.state NOT IN ('closed', 'dropped', 'converted')
                          AND (t.due_at < :now OR EXISTS (SELECT 1 FROM task_arrival a WHERE a.task_id = t.id
                                                            AND a.arrived_at IS NULL AND a.due_at < :now))
                        ) AS late
  FROM task t WHERE t.stream = :stream AND t.region_code LIKE :scope || '%' GROUP BY t.kind ORDER BY t.kind
"""


async def fact(tx: Tx, task_id: int) -> TaskFact:
    """Return the wire shape of one task."""
    row = (await tx.execute(sql(_FACT + " WHERE t.id = :id"), {"id": task_id})).mappings().one()
    return (await _whole(tx, [row]))[0]


async def seen(tx: Tx, by: Viewer, task_id: int) -> TaskFact | None:
    """Return a task of one's scope, or None."""
    told = {"stream": by.stream, "scope": by.scope, "id": task_id}
    row = (await tx.execute(sql(_FACT + _MINE + " AND t.id = :id"), told)).mappings().first()
    return (await _whole(tx, [row]))[0] if row else None


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
            + " ORDER BY t.state IN ('closed', 'dropped', 'converted'), t.due_at NULLS LAST, t.id DESC"
            + " LIMIT :most"
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
    return await _whole(tx, rows.mappings().all())


async def of_cause(tx: Tx, by: Viewer, kind: str, source_ids: Sequence[int]) -> list[TaskFact]:
    """Return the tasks of causes of one's scope, the open ones first, then the latest."""
    rows = await tx.execute(
        sql(
            _FACT
            + _MINE
            + " AND t.source_kind = :source AND t.source_id = ANY(:ids)"
            + " ORDER BY t.state IN ('closed', 'dropped', 'converted'), t.id DESC LIMIT :most"
        ),
        {"stream": by.stream, "scope": by.scope, "source": kind, "ids": list(source_ids), "most": MOST},
    )
    return await _whole(tx, rows.mappings().all())


async def _whole(tx: Tx, rows: Sequence[RowMapping]) -> list[TaskFact]:
    """Return tasks with the departments that whistles call."""
    whistles = [row["id"] for row in rows if row["kind"] == "whistle"]
    called: dict[int, list[TaskArrivalFact]] = {}
    if whistles:
        for one in (await tx.execute(sql(_ARRIVALS), {"tasks": whistles})).mappings():
            fact = TaskArrivalFact(**{name: one[name] for name in TaskArrivalFact.model_fields})
            called.setdefault(one["task_id"], []).append(fact)
    return [TaskFact(**row, arrivals=called.get(row["id"], [])) for row in rows]


async def counts(tx: Tx, by: Viewer, now: datetime) -> list[TaskCount]:
    """Return how much of each kind was found and closed in one's scope."""
    rows = await tx.execute(
        sql(_COUNTS),
        {"stream": by.stream, "scope": by.scope, "now": now},
    )
    return [
        TaskCount(**row, rate=rate(row["closed"], row["dropped"] + row["converted"], row["total"]))
        for row in rows.mappings()
    ]


async def open_of(tx: Tx, kind: str, source_id: int) -> int | None:
    """Return the open task of a cause; those who ask about one cause take turns until commit."""
    await tx.execute(
        sql("SELECT pg_advisory_xact_lock(hashtextextended(:key, 570))"), {"key": f"{kind}/{source_id}"}
    )
    found = await tx.scalar(
        sql(
            "SELECT id FROM task WHERE source_kind = :kind AND source_id = :id"
            " AND state NOT IN ('closed', 'dropped', 'converted')"
        ),
        {"kind": kind, "id": source_id},
    )
    return None if found is None else int(found)


async def found_since(tx: Tx, kind: str, source_id: int, since: datetime) -> bool:
    """Whether a task of a cause was found since an instant, whatever became of it."""
    return bool(
        await tx.scalar(
            sql(
                "SELECT EXISTS (SELECT 1 FROM task WHERE source_kind = :kind AND source_id = :id"
                " AND found_at >= :since)"
            ),
            {"kind": kind, "id": source_id, "since": since},
        )
    )


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
        sql(
            "SELECT EXISTS (SELECT 1 FROM org_unit WHERE id = :id AND active"
            " AND region_code LIKE :stream || '%')"
        ),
        {"id": unit_id, "stream": stream},
    )
    return bool(found)


async def arrivals(tx: Tx, task_id: int) -> list[TaskArrival]:
    """Return the departments that a whistle calls."""
    rows = await tx.execute(
        select(TaskArrival).where(col(TaskArrival.task_id) == task_id).order_by(col(TaskArrival.id))
    )
    return list(rows.scalars())


async def uncalled_for(tx: Tx, stream: str, now: datetime) -> list[int]:
    """Return the open whistles to which a department has not come in time, and nobody was told so yet."""
    rows = await tx.execute(
        sql(
            "SELECT DISTINCT a.task_id FROM task_arrival a JOIN task t ON t.id = a.task_id "
            "WHERE t.stream = :stream AND a.arrived_at IS NULL AND a.overdue_at IS NULL AND a.due_at < :now "
            "AND t.state NOT IN ('closed', 'dropped', 'converted') ORDER BY a.task_id"
        ),
        {"stream": stream, "now": now},
    )
    return [row.task_id for row in rows]
