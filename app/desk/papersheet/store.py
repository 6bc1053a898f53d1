"""Every SQL statement of the hourly sheet, the centre's own paper: sealed incidents stand by number only."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from app.db import Tx
from app.dispatch.tables import ACTIVE_STATES

_INCIDENTS = """
SELECT i.number, CASE WHEN i.readers = '{}' THEN i.title ELSE '(限知)' END AS title, i.initial_level,
       CASE WHEN i.readers = '{}' THEN p.name ELSE '' END AS place, i.opened_at, i.readers <> '{}' AS sealed,
       i.casualties
  FROM incident i
  JOIN LATERAL (SELECT coalesce(string_agg(r.name_zh, '' ORDER BY r.code), '') AS name FROM region r
                 WHERE r.code IN (left(i.region_code, 9) || '000', i.region_code)) p ON true
 WHERE i.stream = :stream AND i.state = 'open' ORDER BY i.initial_level, i.id LIMIT :most
"""
_ASSIGNMENTS = """
SELECT i.number, t.name_zh AS team, t.call_sign, a.state, a.assigned_at, a.next_step_at AS due_at,
       CASE WHEN t.standby_strength > 0 THEN t.standby_strength ELSE t.strength END AS people,
       coalesce(l.name_zh, '') AS leader, coalesce(l.phones[1], '') AS phone
  FROM assignment a JOIN incident i ON i.id = a.incident_id JOIN team t ON t.id = a.team_id
  LEFT JOIN person l ON l.id = t.leader_id
 WHERE i.stream = :stream AND a.state = ANY(:active) AND i.readers = '{}' ORDER BY i.id, a.id LIMIT :most
"""
_ORDERS = """
SELECT o.number, o.title, r.name, r.state,
       CASE WHEN r.acknowledged_at IS NULL THEN r.ack_due_at ELSE r.report_due_at END AS due_at
  FROM order_recipient r JOIN dispatch_order o ON o.id = r.order_id
  LEFT JOIN incident i ON i.id = o.incident_id
 WHERE o.stream = :stream AND o.state = 'issued' AND r.state NOT IN ('closed', 'released', 'draft')
   AND coalesce(i.readers, '{}') = '{}'
 ORDER BY 5 NULLS LAST, r.id LIMIT :most
"""
_MATTERS = """
SELECT m.kind, m.text, m.due_at FROM desk_matter m JOIN duty_post p ON p.id = m.post_id
 WHERE p.kind = 'centre' AND p.region_code LIKE :stream || '%' AND m.closed_at IS NULL
 ORDER BY m.due_at NULLS LAST, m.id LIMIT :most
"""
_STATUS = """
SELECT c.title, c.due_at, count(*) FILTER (WHERE NOT EXISTS
         (SELECT 1 FROM status_answer s WHERE s.recipient_id = r.id)) AS silent, count(*) AS asked
  FROM status_call c JOIN status_recipient r ON r.call_id = c.id
 WHERE c.stream = :stream AND c.state = 'open' AND c.incident_id IS NULL
 GROUP BY c.id ORDER BY c.due_at LIMIT :most
"""
_OUT = """
SELECT u.name_zh, u.state, u.means, u.heartbeat_at, u.frozen, coalesce(t.owner, '') AS owner,
       coalesce((SELECT p.phone FROM duty_post p WHERE p.region_code = u.unit ORDER BY p.id LIMIT 1), '')
         AS phone
  FROM unit_contact u
  LEFT JOIN contact_task t ON t.stream = u.stream AND t.unit = u.unit AND t.closed_at IS NULL
 WHERE u.stream = :stream AND u.state IN ('lost', 'limited') ORDER BY u.unit LIMIT :most
"""
_MESSENGERS = """
SELECT m.messenger, m.phone, m.words, m.left_at, m.expected_at, m.overdue_at IS NOT NULL AS overdue,
       coalesce((SELECT string_agg(v.name_zh, '、' ORDER BY v.code) FROM region v
                  WHERE v.code = ANY(CASE WHEN m.villages = '{}' THEN ARRAY[m.region_code]
                                          ELSE m.villages END)
       ), '') AS places
  FROM messenger_run m WHERE m.stream = :stream AND m.back_at IS NULL AND m.readers = '{}'
 ORDER BY m.expected_at LIMIT :most
"""
_POSTS = """
SELECT p.name_zh, p.phone, p.kind FROM duty_post p
 WHERE p.region_code LIKE :stream || '%' AND p.kind IN ('centre', 'township', 'department')
 ORDER BY CASE p.kind WHEN 'centre' THEN 0 WHEN 'township' THEN 1 ELSE 2 END, p.region_code, p.id LIMIT 80
"""
_TERMINALS = """
SELECT d.label, d.kind, d.number FROM device d
 WHERE d.stream = :stream AND d.active AND d.kind IN ('satellite_phone', 'beidou_terminal')
   AND (d.region_code IN (SELECT u.unit FROM unit_contact u WHERE u.stream = :stream AND u.state <> 'ok')
        OR right(d.region_code, 6) = '000000')
 ORDER BY d.region_code, d.kind, d.id LIMIT 24
"""
QUERIES = {
    "incidents": _INCIDENTS,
    "assignments": _ASSIGNMENTS,
    "orders": _ORDERS,
    "matters": _MATTERS,
    "status": _STATUS,
    "out": _OUT,
    "messengers": _MESSENGERS,
    "posts": _POSTS,
    "terminals": _TERMINALS,
}
MOST = 40


async def open_things(tx: Tx, stream: str) -> dict[str, list[dict[str, Any]]]:
    """Return everything the sheet tells of, by part."""
    found: dict[str, list[dict[str, Any]]] = {}
    for part, query in QUERIES.items():
        values: dict[str, Any] = {"stream": stream}
        if ":most" in query:
            values["most"] = MOST
        if ":active" in query:
            values["active"] = list(ACTIVE_STATES)
        found[part] = [dict(row) for row in (await tx.execute(text(query), values)).mappings()]
    return found
