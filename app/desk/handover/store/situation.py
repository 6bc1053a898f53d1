"""What stands at a desk when it is handed over: alarms, incidents, forces, matters, absences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from app.db import Tx
from app.desk.handover.rules.found import Absence, Matter, OpenAlarm, RosterChange, TeamOut
from app.dispatch.tables import ACTIVE_STATES

# How many of a team are out is not written down with the order: those on standby, else its strength.
_OUT = """
SELECT a.id AS assignment_id, a.incident_id, i.number AS incident_number, t.name_zh AS team,
       CASE WHEN t.standby_strength > 0 THEN t.standby_strength ELSE t.strength END AS people,
       a.state, a.assigned_at, a.answer_due_at, a.next_step_at AS due_at,
       a.leader_alerted_at IS NOT NULL AS leader_alerted
  FROM assignment a JOIN incident i ON i.id = a.incident_id JOIN team t ON t.id = a.team_id
 WHERE a.incident_id = ANY(:incidents) AND a.state = ANY(:active) ORDER BY a.id
"""


async def teams_out(tx: Tx, incident_ids: Sequence[int]) -> list[TeamOut]:
    """Return the teams that are out for these incidents."""
    rows = await tx.execute(text(_OUT), {"incidents": list(incident_ids), "active": list(ACTIVE_STATES)})
    return [TeamOut(**row) for row in rows.mappings()]


async def sealed_incidents(tx: Tx, stream: str, scope: str) -> int:
    """Return how many open incidents of a scope have named readers."""
    found = await tx.scalar(
        text(
            "SELECT count(*) FROM incident WHERE stream = :stream AND state = 'open' AND readers <> '{}' "
            "AND drill_id IS NULL AND region_code LIKE :scope || '%'"
        ),
        {"stream": stream, "scope": scope},
    )
    return int(found or 0)


async def open_alarms(tx: Tx, stream: str, scope: str) -> list[OpenAlarm]:
    """Return the calls for help and telephone calls of a scope that nobody has judged."""
    rows = await tx.execute(
        text(
            "SELECT a.id, a.kind, d.label, coalesce(r.name_zh, '') AS place FROM alarm a "
            "JOIN device d ON d.id = a.device_id LEFT JOIN region r ON r.code = a.region_code "
            "WHERE a.stream = :stream AND a.region_code LIKE :scope || '%' AND a.kind IN ('sos', 'call') "
            "AND a.state IN ('open', 'acknowledged') AND a.readers = '{}' ORDER BY a.id"
        ),
        {"stream": stream, "scope": scope},
    )
    return [OpenAlarm(**row) for row in rows.mappings()]


async def open_matters(tx: Tx, post_id: int) -> list[Matter]:
    """Return the matters of a desk that are not closed."""
    rows = await tx.execute(
        text(
            "SELECT id, kind, text, due_at FROM desk_matter "
            "WHERE post_id = :post AND closed_at IS NULL ORDER BY id"
        ),
        {"post": post_id},
    )
    return [Matter(**row) for row in rows.mappings()]


async def asked_leave(tx: Tx, post_id: int, start: datetime, end: datetime) -> list[Absence]:
    """Return leave that waits for a decision, of people who hold a shift of this desk within a span."""
    rows = await tx.execute(
        text(
            """
            SELECT l.id, p.name_zh AS person, l.starts_at, l.ends_at
              FROM leave l JOIN person p ON p.id = l.person_id
             WHERE l.state = 'asked'
               AND EXISTS (SELECT 1 FROM shift h WHERE h.post_id = :post AND h.person_id = l.person_id
                            AND h.state = 'planned'
                            AND tstzrange(h.starts_at, h.ends_at) && tstzrange(:start, :end)
                            AND tstzrange(h.starts_at, h.ends_at) && tstzrange(l.starts_at, l.ends_at))
             ORDER BY l.starts_at, l.id
            """
        ),
        {"post": post_id, "start": start, "end": end},
    )
    return [Absence(**row) for row in rows.mappings()]


async def roster_changes(tx: Tx, post_id: int, start: datetime, end: datetime) -> list[RosterChange]:
    """Return the overrides of a desk that hold within a span."""
    rows = await tx.execute(
        text(
            "SELECT o.id, o.starts_at, o.ends_at, o.reason FROM roster_override o "
            "JOIN duty_seat s ON s.id = o.seat_id WHERE s.post_id = :post AND o.revoked_at IS NULL "
            "AND tstzrange(o.starts_at, o.ends_at) && tstzrange(:start, :end) ORDER BY o.starts_at, o.id"
        ),
        {"post": post_id, "start": start, "end": end},
    )
    return [RosterChange(**row) for row in rows.mappings()]
