"""Every SQL statement about leaders' instructions."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.instruction.facts import InstructionFact
from app.dispatch.instruction.tables import LeaderInstruction
from app.dispatch.secrecy.store import knowing, knows, may_know
from app.org.rules.access import Viewer

# What was withdrawn or released counts no more.
_FACT = """
SELECT n.id, n.region_code, n.leader_name, n.leader_post, n.text, n.told_how, n.photo_ref, n.incident_id,
       coalesce(i.restricted, false) AS restricted,
       n.said_at, n.told_at, n.entered_at, n.written_by, n.state, n.closed_by, n.closed_at,
       n.outcome, coalesce(a.order_ids, '{}') AS order_ids, a.owners, a.acknowledged, b.tasks, b.accepted,
       b.next_due_at
  FROM leader_instruction n
  LEFT JOIN incident i ON i.id = n.incident_id
  JOIN LATERAL (
    SELECT array_agg(DISTINCT o.id) AS order_ids, count(*) FILTER (WHERE r.id IS NOT NULL) AS owners,
           count(*) FILTER (WHERE r.state IN ('acknowledged', 'reported', 'closed')) AS acknowledged
      FROM dispatch_order o
      LEFT JOIN order_recipient r ON r.order_id = o.id AND r.state NOT IN ('draft', 'released')
     WHERE o.instruction_id = n.id AND o.state IN ('issued', 'closed')) a ON true
  JOIN LATERAL (
    SELECT count(*) AS tasks, count(*) FILTER (WHERE t.state = 'accepted') AS accepted,
           min(t.due_at) FILTER (WHERE t.state = 'open') AS next_due_at
      FROM dispatch_order o JOIN order_recipient r ON r.order_id = o.id AND r.state <> 'released'
      JOIN order_task t ON t.recipient_id = r.id AND t.state <> 'dropped'
     WHERE o.instruction_id = n.id AND o.state IN ('issued', 'closed')) b ON true
"""
_VISIBLE = f"""
 WHERE n.stream = :stream AND n.region_code LIKE :scope || '%' AND {may_know("n.incident_id")}
"""


async def fact(tx: Tx, instruction_id: int) -> InstructionFact:
    """Return one instruction."""
    rows = await tx.execute(text(_FACT + " WHERE n.id = :id"), {"id": instruction_id})
    return InstructionFact(**rows.mappings().one())


async def listed(tx: Tx, by: Viewer, *, closed: bool, limit: int) -> list[InstructionFact]:
    """Return the instructions of a desk, the open ones first; the closed ones too if asked."""
    rows = await tx.execute(
        text(
            _FACT + _VISIBLE + " AND (:closed OR n.state = 'open')"
            " ORDER BY n.state = 'closed', n.id DESC LIMIT :limit"
        ),
        {
            "stream": by.stream,
            "scope": by.scope,
            **knowing(by),
            "closed": closed,
            "limit": limit,
        },
    )
    return [InstructionFact(**row) for row in rows.mappings()]


async def seen(tx: Tx, by: Viewer, instruction_id: int) -> InstructionFact | None:
    """Return one instruction if it is of this person's desk and he may know it."""
    rows = await tx.execute(
        text(_FACT + _VISIBLE + " AND n.id = :id"),
        {"stream": by.stream, "scope": by.scope, **knowing(by), "id": instruction_id},
    )
    row = rows.mappings().first()
    return InstructionFact(**row) if row else None


async def locked(tx: Tx, by: Viewer, instruction_id: int) -> LeaderInstruction | None:
    """Return an instruction of this person's desk, locked until commit."""
    found = await tx.execute(
        select(LeaderInstruction)
        .where(
            col(LeaderInstruction.id) == instruction_id,
            col(LeaderInstruction.stream) == by.stream,
            col(LeaderInstruction.region_code).startswith(by.scope),
        )
        .with_for_update()
    )
    row = found.scalar_one_or_none()
    return row if row is not None and await knows(tx, by, row.incident_id) else None
