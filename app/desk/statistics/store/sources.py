"""What is counted, a query for each measure. The figure and the list behind it are made of the same rows.

Every query gives `n` (which period), `at`, `kind` with its names, `level`, `region`, `good` (None: not
judged), `value` in seconds, `amount`, `title`, `page`, `ref`. `span` holds the periods. No drill is here.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.desk.statistics.facts import Measure
from app.dispatch.exercise.figures import in_earnest
from app.dispatch.secrecy.store import may_know
from app.reporting.statistics.store import RECKONED

_NO_NAME = "NULL::text AS kind_zh, NULL::text AS kind_en"
_MINE = "LIKE :scope || '%'"


def _counted(column: str) -> str:
    """Return the condition that a reader may know an incident, and that it is of no drill."""
    return f"{may_know(column)} AND {in_earnest(column)}"


def _within(column: str) -> str:
    return f"JOIN span s ON {column} >= s.first AND {column} < s.after"


def _seconds(first: str, then: str) -> str:
    """Return a span of time; what is missing or runs backwards is not measured."""
    return f"CASE WHEN {then} >= {first} THEN extract(epoch FROM {then} - {first}) END"


def _limit(name: str) -> str:
    """Return the limit of an incident: another with life at risk."""
    urgent, other = (f"CAST(:{one}_s AS float8)" for one in (f"{name}_urgent", name))
    return f"CASE WHEN i.life_threat THEN {urgent} ELSE {other} END"


_TAKEN = _seconds("a.first_heard_at", "coalesce(a.acknowledged_at, a.settled_at)")
_RUNG = _seconds("c.began_at", "c.answered_at")
_CALLS = f"""
SELECT s.n, a.first_heard_at AS at, a.kind, {_NO_NAME}, NULL::text AS level, a.region_code AS region,
       CASE WHEN a.kind = 'call' THEN {_TAKEN} <= CAST(:ring_s AS float8) END AS good, {_TAKEN} AS value,
       0 AS amount, concat_ws(' ', d.label, nullif(a.subject, '')) AS title,
       CASE WHEN a.incident_id IS NULL THEN '/' ELSE '/i/' || a.incident_id END AS page, a.id AS ref
  FROM alarm a {_within("a.first_heard_at")} JOIN device d ON d.id = a.device_id
 WHERE a.stream = :stream AND a.kind IN ('sos', 'call') AND a.drill_id IS NULL AND a.region_code {_MINE}
   AND {_counted("a.incident_id")}
UNION ALL
SELECT s.n, i.received_at, i.source, {_NO_NAME}, NULL, i.region_code,
       CASE WHEN c.rings IS NOT NULL THEN c.rings <= 3 ELSE {_RUNG} <= CAST(:ring_s AS float8) END,
       {_RUNG}, 0,
       i.number || ' ' || i.title, '/i/' || i.id, i.id
  FROM incident i {_within("i.received_at")}
  CROSS JOIN LATERAL (SELECT CAST(i.callers -> 0 ->> 'rings' AS int) AS rings,
                             CAST(i.callers -> 0 ->> 'ring_began_at' AS timestamptz) AS began_at,
                             CAST(i.callers -> 0 ->> 'answered_at' AS timestamptz) AS answered_at) c
 WHERE i.stream = :stream AND i.state <> 'scheduled' AND i.alarm_ids = '{{}}' AND i.scheduled_for IS NULL
   AND i.region_code {_MINE} AND {_counted("i.id")}
"""  # noqa: S608 - constant words
_INCIDENT = f"""
  FROM incident i {_within("i.received_at")}
  LEFT JOIN event_type e ON e.scheme = i.event_scheme AND e.code = i.event_code
 WHERE i.stream = :stream AND i.state <> 'scheduled' AND i.merged_into_id IS NULL
   AND i.region_code {_MINE} AND {_counted("i.id")}
"""
_INCIDENTS = f"""
SELECT s.n, i.received_at AS at, i.event_code AS kind, e.name_zh AS kind_zh, e.name_en AS kind_en,
       i.initial_level::text AS level, i.region_code AS region, NULL::boolean AS good, NULL::float8 AS value,
       0 AS amount, i.number || ' ' || i.title AS title, '/i/' || i.id AS page, i.id AS ref
{_INCIDENT}
"""
_OPENED_IN = _seconds("i.received_at", "i.opened_at")
_OPENED = f"""
SELECT s.n, i.received_at AS at, i.source AS kind, {_NO_NAME}, NULL::text AS level, i.region_code AS region,
       {_OPENED_IN} <= {_limit("open")} AS good,
       {_OPENED_IN} AS value, 0 AS amount, i.number || ' ' || i.title AS title, '/i/' || i.id AS page,
       i.id AS ref
{_INCIDENT} AND i.scheduled_for IS NULL
"""
_FIRST_IN = _seconds("i.opened_at", "o.assigned_at")
_FIRST_ORDER = f"""
SELECT s.n, i.received_at AS at, o.kind, {_NO_NAME}, NULL::text AS level, i.region_code AS region,
       {_FIRST_IN} <= {_limit("order")} AS good,
       {_FIRST_IN} AS value, 0 AS amount, i.number || ' ' || i.title AS title, '/i/' || i.id AS page,
       i.id AS ref
  FROM incident i {_within("i.received_at")}
  CROSS JOIN LATERAL (SELECT a.assigned_at, t.kind FROM assignment a JOIN team t ON t.id = a.team_id
     WHERE a.incident_id = i.id ORDER BY a.assigned_at, a.id LIMIT 1) o
 WHERE i.stream = :stream AND i.state <> 'scheduled' AND i.merged_into_id IS NULL
   AND i.region_code {_MINE} AND {_counted("i.id")}
"""  # noqa: S608 - constant words


def _road(value: str, good: str) -> str:
    """Return a span of the assignments that were given in the period, by the kind of the team."""
    return f"""
SELECT s.n, a.assigned_at AS at, t.kind, {_NO_NAME}, NULL::text AS level, t.region_code AS region,
       {good} AS good, {value} AS value, 0 AS amount, i.number || ' ' || t.name_zh AS title,
       '/i/' || i.id AS page, a.id AS ref
  FROM assignment a {_within("a.assigned_at")}
  JOIN team t ON t.id = a.team_id JOIN incident i ON i.id = a.incident_id
 WHERE a.stream = :stream AND t.region_code {_MINE} AND {_counted("a.incident_id")}
"""  # noqa: S608 - constant words


_ANSWER = _seconds("a.assigned_at", "a.acknowledged_at")
_UNANSWERED = """CASE WHEN a.acknowledged_at IS NULL AND a.declined_at IS NULL AND a.cancelled_at IS NULL
    AND a.assigned_at + CAST(:answer_s AS float8) * interval '1 second' < CAST(:now AS timestamptz)
  THEN false END"""
_TURNOUT = _seconds("a.assigned_at", "a.en_route_at")
_REPORTS = f"""
SELECT s.n, d.at, d.node AS kind, {_NO_NAME}, NULL::text AS level,
       CASE WHEN d.node IN ('T', 'E', 'V') THEN d.region_code ELSE :stream || '000000' END AS region,
       minutes IS NULL AND NOT late_now AS good, d.delay::float8 * 60 AS value, 0 AS amount,
       i.number || ' ' || i.title AS title, '/i/' || i.id AS page, i.id AS ref
  FROM reckoned d {_within("d.at")} JOIN incident i ON i.id = d.incident_id
 WHERE CAST(:county AS boolean) OR d.node IN ('T', 'E', 'V') AND d.region_code {_MINE}
"""  # noqa: S608 - constant words
_WARNINGS = f"""
SELECT s.n, w.first_at AS at, coalesce(w.colour, 'none') AS kind, {_NO_NAME}, NULL::text AS level,
       NULL::text AS region, NULL::boolean AS good, NULL::float8 AS value, 0 AS amount, w.title,
       '/warnings/' || w.id AS page, w.id AS ref
  FROM warning w {_within("w.first_at")}
 WHERE w.stream = :stream AND w.status = 'actual' AND w.merged_into IS NULL
   AND EXISTS (SELECT 1 FROM unnest(w.concern) c WHERE c {_MINE})
"""  # noqa: S608 - constant words
_CALLOUTS = f"""
SELECT s.n, r.started_at AS at, t.tier AS kind, {_NO_NAME}, r.colour AS level, t.region_code AS region,
       CASE WHEN t.answered_at IS NOT NULL THEN t.answered_at <= t.due_at
            WHEN t.due_at < CAST(:now AS timestamptz) THEN false END AS good,
       {_seconds("t.begun_at", "t.answered_at")} AS value, 0 AS amount, t.name || ' ' || r.title AS title,
       '/call-and-respond/' || r.id AS page, t.id AS ref
  FROM callout_round r {_within("r.started_at")} JOIN callout_target t ON t.round_id = r.id
 WHERE r.stream = :stream AND r.kind = 'alert' AND NOT r.drill AND t.region_code {_MINE}
"""  # noqa: S608 - constant words
_MESSAGE = f"broadcast_message m {_within('m.issued_at')}"
_BROADCASTS = f"""
SELECT s.n, m.issued_at AS at, CASE WHEN m.urgent THEN 'urgent' ELSE 'daily' END AS kind, {_NO_NAME},
       NULL::text AS level, m.region_code AS region, NULL::boolean AS good, NULL::float8 AS value,
       0 AS amount, m.title, '/broadcast/' || m.id AS page, m.id AS ref
  FROM {_MESSAGE}
 WHERE m.stream = :stream AND m.msg_type = 1 AND NOT m.drill
   AND (m.region_code {_MINE} OR EXISTS (SELECT 1 FROM broadcast_target g
          WHERE g.message_id = m.id AND g.region_code {_MINE}))
"""  # noqa: S608 - constant words
_TERMINALS = f"""
SELECT s.n, m.issued_at AS at, r.state::text AS kind, {_NO_NAME}, NULL::text AS level,
       t.region_code AS region,
       CASE WHEN r.state = 3 THEN true WHEN r.state = 4 OR r.state < 3
             AND (m.end_at < CAST(:now AS timestamptz) OR m.state IN ('finished', 'expired')) THEN false
       END AS good,
       NULL::float8 AS value, 0 AS amount, t.name || ' ' || m.title AS title, '/broadcast/' || m.id AS page,
       t.id AS ref
  FROM {_MESSAGE} JOIN broadcast_result r ON r.message_id = m.id
  JOIN broadcast_terminal t ON t.id = r.terminal_id
 WHERE m.stream = :stream AND m.msg_type = 1 AND NOT m.drill AND t.region_code {_MINE}
"""  # noqa: S608 - constant words
_SPOT_CHECKS = f"""
SELECT s.n, f.judged_at AS at, f.method AS kind, {_NO_NAME}, NULL::text AS level, p.region_code AS region,
       f.state = 'passed' AS good, NULL::float8 AS value, 0 AS amount, p.name_zh || ' ' || c.title AS title,
       '/spot-checks/' || c.id AS page, f.id AS ref
  FROM spot_finding f {_within("f.judged_at")} JOIN spot_check c ON c.id = f.spot_check_id
  JOIN duty_post p ON p.id = f.post_id
 WHERE c.stream = :stream AND c.state <> 'cancelled' AND f.state IN ('passed', 'failed')
   AND p.region_code {_MINE}
"""  # noqa: S608 - constant words
_ARRIVALS = f"""
SELECT s.n, a.arrived_at AS at, e.role AS kind, {_NO_NAME}, NULL::text AS level, p.region_code AS region,
       a.late_min = 0 AS good, CASE WHEN a.late_min > 0 THEN a.late_min * 60.0 END::float8 AS value,
       0 AS amount, p.name_zh || ' ' || h.name_zh AS title, '/duty' AS page, a.id AS ref
  FROM attendance a {_within("a.arrived_at")} JOIN duty_post p ON p.id = a.post_id
  JOIN duty_seat e ON e.id = a.seat_id JOIN person h ON h.id = a.person_id
 WHERE a.stream = :stream AND p.region_code {_MINE}
"""  # noqa: S608 - constant words
_GAPS = f"""
SELECT s.n, g.starts_at AS at, g.kind, {_NO_NAME}, NULL::text AS level, p.region_code AS region,
       NULL::boolean AS good, g.minutes * 60.0::float8 AS value, g.missing AS amount,
       concat_ws(' ', p.name_zh, h.name_zh) AS title, '/duty' AS page, g.id AS ref
  FROM coverage_gap g {_within("g.starts_at")} JOIN duty_post p ON p.id = g.post_id
  LEFT JOIN person h ON h.id = g.person_id
 WHERE g.stream = :stream AND g.stage = 'open' AND p.region_code {_MINE}
"""  # noqa: S608 - constant words
_ROUND_UPS = f"""
SELECT s.n, c.due_at AS at,
       CASE WHEN x.late_minutes = 0 THEN 'in_time' WHEN x.late_minutes > 0 THEN 'late'
            WHEN c.state = 'closed' OR c.due_at < CAST(:now AS timestamptz) THEN 'missing' ELSE 'waiting'
       END AS kind, {_NO_NAME}, NULL::text AS level, u.region_code AS region,
       CASE WHEN x.late_minutes IS NOT NULL THEN x.late_minutes = 0
            WHEN c.state = 'closed' OR c.due_at < CAST(:now AS timestamptz) THEN false END AS good,
       CASE WHEN x.late_minutes > 0 THEN x.late_minutes * 60.0 END::float8 AS value, 0 AS amount,
       u.name_zh || ' ' || c.title AS title, '/status-calls/' || c.id AS page, r.id AS ref
  FROM status_call c {_within("c.due_at")} JOIN status_recipient r ON r.call_id = c.id
  JOIN org_unit u ON u.id = r.unit_id LEFT JOIN status_answer x ON x.recipient_id = r.id AND x.version = 1
 WHERE c.stream = :stream AND NOT c.drill AND c.state IN ('open', 'closed') AND u.region_code {_MINE}
   AND {_counted("c.incident_id")}
"""  # noqa: S608 - constant words
_SUPPLIES = f"""
SELECT s.n, m.happened_at AS at, k.id::text AS kind, k.name_zh || '(' || k.unit || ')' AS kind_zh,
       coalesce(nullif(k.name_en, ''), k.name_zh) AS kind_en, NULL::text AS level, w.region_code AS region,
       NULL::boolean AS good, NULL::float8 AS value, m.quantity AS amount,
       t.number || ' ' || k.name_zh || ' ' || m.quantity || k.unit AS title,
       '/supplies/transfers/' || t.id AS page, m.id AS ref
  FROM supply_movement m {_within("m.happened_at")} JOIN supply_lot l ON l.id = m.lot_id
  JOIN supply_item k ON k.id = l.item_id JOIN supply_transfer t ON t.id = m.transfer_id
  JOIN supply_request q ON q.id = t.request_id JOIN supply_warehouse w ON w.id = t.warehouse_id
 WHERE m.stream = :stream AND m.kind = 'used' AND w.region_code {_MINE} AND {_counted("q.incident_id")}
"""  # noqa: S608 - constant words
_OUTSIDE = f"""
SELECT s.n, o.arrived_at AS at, o.origin AS kind, o.origin AS kind_zh, o.origin AS kind_en,
       NULL::text AS level, t.region_code AS region, NULL::boolean AS good,
       {_seconds("o.arrived_at", "o.released_at")}::float8 AS value, o.people AS amount,
       o.origin || ' ' || t.name_zh AS title, '/forces/outside' AS page, o.id AS ref
  FROM outside_team o {_within("o.arrived_at")} JOIN team t ON t.id = o.team_id
 WHERE o.stream = :stream AND t.region_code {_MINE}
"""  # noqa: S608 - constant words
SOURCES: Mapping[Measure, str] = {
    "calls": _CALLS,
    "incidents": _INCIDENTS,
    "opened": _OPENED,
    "first_order": _FIRST_ORDER,
    "acknowledged": _road(_ANSWER, f"coalesce({_ANSWER} <= CAST(:answer_s AS float8), {_UNANSWERED})"),
    "turnout": _road(_TURNOUT, f"{_TURNOUT} <= CAST(a.terms->>'turnout_s' AS float8)"),
    "arrived": _road(_seconds("a.assigned_at", "a.on_scene_at"), "NULL::boolean"),
    "done": _road(_seconds("a.on_scene_at", "a.task_done_at"), "NULL::boolean"),
    "outside_help": _OUTSIDE,
    "reports": _REPORTS,
    "warnings": _WARNINGS,
    "callouts": _CALLOUTS,
    "broadcasts": _BROADCASTS,
    "terminals": _TERMINALS,
    "spot_checks": _SPOT_CHECKS,
    "arrivals": _ARRIVALS,
    "gaps": _GAPS,
    "round_ups": _ROUND_UPS,
    "supplies": _SUPPLIES,
}
BEFORE: Mapping[Measure, str] = {"reports": RECKONED}
"""What stands before a source: the reports that were due, as the statistics of reporting reckon them."""
