"""Orders as rows and as facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.order.facts import OrderFact, OrderVersionFact
from app.dispatch.order.tables import DispatchOrder, OrderVersion
from app.dispatch.secrecy.store import knowing, may_know, unnamed
from app.org.rules.access import Viewer

_FACT = """
SELECT o.id, o.number, o.version, o.revision, o.state, o.region_code, o.drill, o.title, o.text, o.basis,
       o.basis_text,
       o.incident_id, CASE WHEN i.readers = '{}' THEN i.number END AS incident_number, o.instruction_id,
       coalesce(i.restricted, false) AS restricted, o.report_requirement,
       o.report_due_at, o.issued_as, o.consent_of, o.consent_at, o.drafted_by, o.drafted_at, o.issued_by,
       o.issued_at, o.closed_at, o.withdrawn_by, o.withdrawn_at, o.withdrawn_reason, p.addressees,
       p.recipients, p.acknowledged, p.closed, p.supervised, p.next_due_at
  FROM dispatch_order o
  LEFT JOIN incident i ON i.id = o.incident_id
  JOIN LATERAL (
    SELECT array_agg(r.name ORDER BY r.ordinal) AS addressees, count(*) AS recipients,
           count(*) FILTER (WHERE r.state IN ('acknowledged', 'reported', 'closed')) AS acknowledged,
           count(*) FILTER (WHERE r.state = 'closed') AS closed,
           count(*) FILTER (WHERE r.ack_told + r.report_told > 0
                              AND r.state IN ('sent', 'acknowledged')) AS supervised,
           min(CASE r.state WHEN 'sent' THEN least(r.ack_due_at, r.report_due_at)
                            WHEN 'acknowledged' THEN r.report_due_at END)
             FILTER (WHERE o.state = 'issued') AS next_due_at
      FROM order_recipient r WHERE r.order_id = o.id AND r.state <> 'released') p ON true
"""
# Whoever has it reads it: an order out of an incident with named readers does not say which one that is.
# Whose desk's own an order is, and to whom it is addressed: the places of the desk, the teams, the person.
ISSUING = f"""(CAST(:desk AS boolean) AND o.region_code LIKE :scope || '%'
              AND {may_know("o.incident_id")})"""
ADDRESSED = f"""(r.team_id = ANY(CAST(:teams AS bigint[])) OR r.person_id = CAST(:person AS bigint)
                OR (CAST(:desk AS boolean) AND r.region_code LIKE :scope || '%'
                    AND (length(:scope) > 6 AND (r.unit_id IS NOT NULL OR {unnamed("o.incident_id")})
                         OR {may_know("o.incident_id")})))"""
_INSTRUCTION = f"""
SELECT n.incident_id FROM leader_instruction n
 WHERE n.id = :id AND n.stream = :stream AND n.state = 'open' AND n.region_code LIKE :scope || '%'
   AND {may_know("n.incident_id")}
"""  # noqa: S608  only the words above
_SEEN = """
 WHERE o.stream = :stream AND (%s OR (o.issued_at IS NOT NULL AND EXISTS (
       SELECT 1 FROM order_recipient r WHERE r.order_id = o.id AND r.state <> 'released' AND %s)))
"""
_VISIBLE = _SEEN % (ISSUING, ADDRESSED)


def reader(by: Viewer) -> dict[str, Any]:
    """Return the reader as the statements need him."""
    return {
        "stream": by.stream,
        "desk": by.may("see_desk"),
        "commands": by.may("command"),
        "scope": by.scope,
        **knowing(by),
        "teams": sorted(by.team_ids),
        "person": by.person_id,
    }


async def fact(tx: Tx, order_id: int) -> OrderFact:
    """Return one order."""
    rows = await tx.execute(text(_FACT + " WHERE o.id = :id"), {"id": order_id})
    return OrderFact(**rows.mappings().one())


async def visible(tx: Tx, by: Viewer, order_id: int) -> OrderFact | None:
    """Return one order if this person may see it: his desk's own, or addressed to him."""
    rows = await tx.execute(text(_FACT + _VISIBLE + " AND o.id = :id"), {**reader(by), "id": order_id})
    row = rows.mappings().first()
    return OrderFact(**row) if row else None


async def listed(
    tx: Tx, by: Viewer, states: Sequence[str], incident_id: int | None, limit: int
) -> list[OrderFact]:
    """Return the orders this person may see in some states, the latest first."""
    rows = await tx.execute(
        text(
            _FACT + _VISIBLE + " AND o.state = ANY(:states)"
            " AND (CAST(:incident AS bigint) IS NULL OR o.incident_id = :incident)"
            " ORDER BY o.id DESC LIMIT :limit"
        ),
        {**reader(by), "states": list(states), "incident": incident_id, "limit": limit},
    )
    return [OrderFact(**row) for row in rows.mappings()]


async def locked(tx: Tx, stream: str, order_id: int) -> DispatchOrder | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(DispatchOrder)
        .where(col(DispatchOrder.id) == order_id, col(DispatchOrder.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def versions(tx: Tx, order_id: int) -> list[OrderVersionFact]:
    """Return the versions that were issued, the first first."""
    found = await tx.execute(
        select(OrderVersion).where(col(OrderVersion.order_id) == order_id).order_by(col(OrderVersion.version))
    )
    return [
        OrderVersionFact(
            version=row.version,
            title=row.content["title"],
            tasks=row.content["tasks"],
            reason=row.reason,
            made_by=row.made_by,
            made_at=row.made_at,
        )
        for row in found.scalars()
    ]


async def of_incident(tx: Tx, incident_id: int) -> list[DispatchOrder]:
    """Return the orders that belong to an incident, as rows."""
    found = await tx.execute(
        select(DispatchOrder)
        .where(col(DispatchOrder.incident_id) == incident_id)
        .order_by(col(DispatchOrder.id))
    )
    return list(found.scalars())


async def open_instruction(tx: Tx, by: Viewer, instruction_id: int) -> tuple[int | None] | None:
    """Return the incident of an open instruction of this person's desk, (None,) of none; None: no such."""
    rows = await tx.execute(
        text(_INSTRUCTION),
        {"id": instruction_id, "stream": by.stream, "scope": by.scope, **knowing(by)},
    )
    row = rows.first()
    return (row[0],) if row else None
