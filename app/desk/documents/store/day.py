"""What happened on a day of duty, for the daily brief: without need-to-know incidents and drills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Tx

MOST = 60
_OPENED = """
SELECT i.id, i.number, i.title, i.initial_level, i.state, i.received_at, e.name_zh AS nature
  FROM incident i JOIN event_type e ON e.scheme = i.event_scheme AND e.code = i.event_code
 WHERE i.stream = :stream AND i.state <> 'scheduled' AND i.drill_id IS NULL AND NOT i.restricted
   AND i.region_code LIKE :scope || '%'
   AND i.received_at >= :start AND i.received_at < :end ORDER BY i.received_at, i.id LIMIT :most
"""
# Incidents come first in what counts; whatever hangs on a need-to-know one is not counted.
_COUNTS = """
SELECT
 (SELECT count(*) FROM alarm a WHERE a.stream = :stream AND a.region_code LIKE :scope || '%'
    AND a.drill_id IS NULL AND a.first_heard_at >= :start AND a.first_heard_at < :end
    AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = a.incident_id AND i.restricted)) AS alarms,
 (SELECT count(*) FROM written_report r JOIN incident i ON i.id = r.incident_id
   WHERE r.stream = :stream AND r.region_code LIKE :scope || '%' AND NOT i.restricted
     AND NOT r.drill AND r.sent_at >= :start AND r.sent_at < :end) AS reports,
 (SELECT count(*) FROM dispatch_order o WHERE o.stream = :stream AND o.region_code LIKE :scope || '%'
    AND NOT o.drill AND o.issued_at >= :start AND o.issued_at < :end
    AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = o.incident_id AND i.restricted)) AS orders,
 (SELECT count(*) FROM leader_instruction n WHERE n.stream = :stream AND n.region_code LIKE :scope || '%'
    AND n.told_at >= :start AND n.told_at < :end
    AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = n.incident_id
                       AND (i.restricted OR i.drill_id IS NOT NULL))) AS instructions,
 (SELECT count(*) FROM assignment a JOIN incident i ON i.id = a.incident_id
   WHERE a.stream = :stream AND i.region_code LIKE :scope || '%' AND NOT i.restricted
     AND NOT a.drill AND a.assigned_at >= :start AND a.assigned_at < :end) AS assignments
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """An incident that came in on the day."""

    id: int
    number: str
    title: str
    initial_level: int
    state: str
    received_at: datetime
    nature: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of each there was."""

    alarms: int
    reports: int
    orders: int
    instructions: int
    assignments: int


async def opened(tx: Tx, stream: str, scope: str, start: datetime, end: datetime) -> list[Opened]:
    """Return the open incidents of a span, the earliest first, at most sixty."""
    rows = await tx.execute(text(_OPENED), {**_span(stream, scope, start, end), "most": MOST})
    return [Opened(**row) for row in rows.mappings()]


async def counts(tx: Tx, stream: str, scope: str, start: datetime, end: datetime) -> Counts:
    """Return how much was heard, reported, ordered and sent within a span."""
    rows = await tx.execute(text(_COUNTS), _span(stream, scope, start, end))
    return Counts(**rows.mappings().one())


def _span(stream: str, scope: str, start: datetime, end: datetime) -> dict[str, object]:
    return {"stream": stream, "scope": scope, "start": start, "end": end}
