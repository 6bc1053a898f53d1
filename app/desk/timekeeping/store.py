"""Everything of the house that is due at an instant: rows, which no clock moves."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx, sql
from app.desk.timekeeping.facts import TimerFact

_TIMERS = """
WITH timer AS (
  SELECT 'answer' AS kind, i.number || ' ' || t.name_zh AS name, a.answer_due_at AS due_at
    FROM assignment a JOIN incident i ON i.id = a.incident_id JOIN team t ON t.id = a.team_id
   WHERE a.stream = :stream AND a.state = 'dispatched' AND NOT i.restricted
   UNION ALL
  SELECT 'watch', i.number || ' ' || t.name_zh, a.watch_at
    FROM assignment a JOIN incident i ON i.id = a.incident_id JOIN team t ON t.id = a.team_id
   WHERE a.stream = :stream AND a.watch_at IS NOT NULL AND NOT i.restricted
   UNION ALL
  SELECT 'order', coalesce(o.number, o.title) || ' ' || r.name, r.next_step_at
    FROM order_recipient r JOIN dispatch_order o ON o.id = r.order_id
   WHERE o.stream = :stream AND r.next_step_at IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = o.incident_id AND i.restricted)
   UNION ALL
  SELECT 'report', i.number || ' ' || d.sender || '→' || d.receiver, d.due_at
    FROM report_due d JOIN incident i ON i.id = d.incident_id
   WHERE d.stream = :stream AND d.state = 'open' AND NOT i.restricted
)
"""
MOST = 20


async def timers(tx: Tx, stream: str, after: datetime) -> int:
    """Return how many timers of what everybody of the desk may know are due after an instant."""
    found = await tx.scalar(
        sql(_TIMERS + "SELECT count(*) FROM timer WHERE due_at > :after"),  # noqa: S608  fixed texts
        {"stream": stream, "after": after},
    )
    return int(found or 0)


async def between(tx: Tx, stream: str, start: datetime, end: datetime) -> list[TimerFact]:
    """Return the timers due after `start` and not after `end`, the first of them."""
    rows = await tx.execute(
        sql(
            _TIMERS  # noqa: S608  fixed texts
            + "SELECT kind, name, due_at FROM timer WHERE due_at > :start AND due_at <= :end "
            "ORDER BY due_at, name LIMIT :most"
        ),
        {"stream": stream, "start": start, "end": end, "most": MOST},
    )
    return [TimerFact(kind=row[0], name=row[1], due_at=row[2]) for row in rows]
