"""Injects: their rows, and what the house's own rows say of what they expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from app.db import Tx, sql
from app.exercise.tables import DrillInject

# When what an inject expects was first done, by the rows that grew from it; what the end of the drill itself
# settles was not done by anybody.
_DONE = """
SELECT g.id, g.incident_id, g.incident_number,
       CASE WHEN g.done_at < coalesce(g.ended_at, 'infinity') THEN g.done_at END AS done_at
  FROM (
SELECT j.id, d.ended_at, i.id AS incident_id, i.number AS incident_number,
       CASE j.spec->>'expect'
         WHEN 'judged' THEN coalesce(n.judged_at, a.acknowledged_at, a.settled_at)
         WHEN 'opened' THEN i.opened_at
         WHEN 'team_sent' THEN (SELECT min(x.assigned_at) FROM assignment x WHERE x.incident_id = i.id)
         WHEN 'acknowledged' THEN
           (SELECT min(x.acknowledged_at) FROM assignment x WHERE x.incident_id = i.id)
         WHEN 'on_scene' THEN (SELECT min(x.on_scene_at) FROM assignment x WHERE x.incident_id = i.id)
         WHEN 'ordered' THEN (SELECT min(o.issued_at) FROM dispatch_order o WHERE o.incident_id = i.id)
         WHEN 'reported' THEN (SELECT min(CAST(t->>'told_at' AS timestamptz))
                                 FROM jsonb_array_elements(i.tellings) t)
         WHEN 'broadcast' THEN (SELECT min(m.issued_at) FROM broadcast_message m
                                 WHERE m.cause_kind = 'incident' AND m.cause_id = i.id)
       END AS done_at
  FROM drill_inject j JOIN drill d ON d.id = j.drill_id
  LEFT JOIN intake_notice n ON n.id = j.notice_id
  LEFT JOIN alarm a ON a.id = j.alarm_id
  LEFT JOIN incident i ON i.id = coalesce(n.incident_id, a.incident_id)
 WHERE j.drill_id = :drill) g
"""


@dataclass(frozen=True, slots=True)
class Grown:
    """What grew from an inject: its incident, and when what was expected was first done."""

    incident_id: int | None
    incident_number: str | None
    done_at: datetime | None


async def grown(tx: Tx, drill_id: int) -> dict[int, Grown]:
    """Return what grew from each inject of a drill."""
    rows = await tx.execute(sql(_DONE), {"drill": drill_id})
    return {row.id: Grown(row.incident_id, row.incident_number, row.done_at) for row in rows}


async def of_drill(tx: Tx, drill_id: int) -> Sequence[DrillInject]:
    """Return the injects of a drill in their order."""
    found = await tx.execute(
        select(DrillInject)
        .where(col(DrillInject.drill_id) == drill_id)
        .order_by(col(DrillInject.ordinal), col(DrillInject.id))
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()


async def forget(tx: Tx, drill_id: int) -> None:
    """Drop the injects of a drill that is written anew; none of them came."""
    await tx.execute(sql("DELETE FROM drill_inject WHERE drill_id = :drill"), {"drill": drill_id})


async def orders_out(tx: Tx, drill_id: int) -> list[int]:
    """Return the issued orders of a drill's incidents."""
    rows = await tx.execute(
        sql(
            "SELECT o.id FROM dispatch_order o JOIN incident i ON i.id = o.incident_id"
            " WHERE i.drill_id = :drill AND o.state = 'issued' ORDER BY o.id"
        ),
        {"drill": drill_id},
    )
    return list(rows.scalars())


async def still_open(tx: Tx, drill_id: int) -> tuple[list[int], list[int], list[int]]:
    """Return the incidents, notices and alarms of a drill that nobody has closed or judged."""
    rows = await tx.execute(
        sql(
            "SELECT ARRAY(SELECT id FROM incident WHERE drill_id = :drill AND state = 'open' ORDER BY id),"
            " ARRAY(SELECT id FROM intake_notice WHERE drill_id = :drill AND state = 'waiting' ORDER BY id),"
            " ARRAY(SELECT id FROM alarm WHERE drill_id = :drill AND state IN ('open', 'acknowledged')"
            " ORDER BY id)"
        ),
        {"drill": drill_id},
    )
    incidents, notices, alarms = rows.one()
    return list(incidents), list(notices), list(alarms)


async def assignments_out(tx: Tx, drill_id: int, active: Sequence[str]) -> list[int]:
    """Return the assignments of a drill's incidents whose teams are out."""
    rows = await tx.execute(
        sql(
            "SELECT a.id FROM assignment a JOIN incident i ON i.id = a.incident_id"
            " WHERE i.drill_id = :drill AND a.state = ANY(:active) ORDER BY a.id"
        ),
        {"drill": drill_id, "active": list(active)},
    )
    return list(rows.scalars())
