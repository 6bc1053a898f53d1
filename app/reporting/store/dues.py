"""The rows of dues and of what was late, and who may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.secrecy.store import knowing, may_know
from app.org.rules.access import Viewer
from app.reporting.tables import ReportDue, ReportLate

# What is still asked for when an incident is closed.
AFTER_CLOSE = ("final", "full_report", "verification", "review")
_OPEN = f"""
SELECT d.*, i.number, i.title FROM report_due d JOIN incident i ON i.id = d.incident_id
 WHERE d.stream = :stream AND d.state = 'open'
   AND (i.state = 'open' OR i.merged_into_id IS NULL AND d.kind = ANY(:after_close))
   AND EXISTS (SELECT 1 FROM unnest(i.concern_regions) r WHERE r LIKE :scope || '%')
   AND {may_know("d.incident_id")}
 ORDER BY d.due_at, d.id LIMIT :limit
"""  # noqa: S608 - a constant condition
_RINGING = """
SELECT DISTINCT incident_id FROM report_due
 WHERE stream = :stream AND state = 'open' AND next_alarm_at <= :now ORDER BY incident_id LIMIT 200
"""


async def of_incident(tx: Tx, incident_id: int) -> Sequence[ReportDue]:
    """Return every due of an incident, dropped ones included."""
    found = await tx.execute(
        select(ReportDue).where(col(ReportDue.incident_id) == incident_id).order_by(col(ReportDue.id))
    )
    return found.scalars().all()


async def row(tx: Tx, stream: str, due_id: int) -> ReportDue | None:
    """Return one due of the county, or None."""
    found = await tx.get(ReportDue, due_id)
    return found if found is not None and found.stream == stream else None


async def open_rows(tx: Tx, by: Viewer, limit: int) -> Sequence[Mapping[str, Any]]:
    """Return the open dues this person may see with number and title of their incident, soonest first."""
    told = {"stream": by.stream, "scope": by.scope, "after_close": list(AFTER_CLOSE), "limit": limit}
    rows = await tx.execute(text(_OPEN), {**told, **knowing(by)})
    return [dict(row) for row in rows.mappings()]


async def lates(tx: Tx, due_ids: Sequence[int]) -> dict[int, list[ReportLate]]:
    """Return what was noted of dues being late, in order."""
    found = await tx.execute(
        select(ReportLate).where(col(ReportLate.due_id).in_(due_ids)).order_by(col(ReportLate.id))
    )
    by_due: dict[int, list[ReportLate]] = {}
    for one in found.scalars():
        by_due.setdefault(one.due_id, []).append(one)
    return by_due


async def ringing(tx: Tx, stream: str, now: datetime) -> list[int]:
    """Return the incidents one of whose dues has an alarm to give."""
    return list((await tx.execute(text(_RINGING), {"stream": stream, "now": now})).scalars())
