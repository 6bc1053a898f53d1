"""The one SQL statement of the statistics of reporting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from app.db import Tx
from app.dispatch.secrecy.store import knowing, may_know
from app.org.rules.access import Viewer
from app.reporting.rules.terms import SCHEDULED

# Whose a report is: of a township, village or enterprise its place, of the county's nodes the county.
_UNIT = """CASE WHEN {node} IN ('T', 'E') THEN left({region}, 9) || '000'
                WHEN {node} = 'V' THEN {region} ELSE '' END"""
# A desk below the county is told of its own units only, by its own place.
_MINE = "(CAST(:county AS boolean) OR unit <> '' AND unit LIKE :scope || '%')"
RECKONED = f"""
seen AS MATERIALIZED (
  SELECT i.id, i.region_code FROM incident i
   WHERE i.stream = :stream AND i.state <> 'scheduled' AND i.drill_id IS NULL AND {may_know("i.id")}
     AND EXISTS (SELECT 1 FROM unnest(i.concern_regions) r WHERE r LIKE :scope || '%')
), due AS (
  -- What is due once is one report, however often a correction moved its time: late if it was ever flagged.
  -- Of what is due again and again a row is only the next one; each that was missed is a flag of its own.
  SELECT d.incident_id, d.sender AS node, i.region_code, d.due_at AS at, d.state, d.due_at, d.done_at,
         flag.minutes
    FROM report_due d JOIN seen i ON i.id = d.incident_id
    LEFT JOIN LATERAL (
      SELECT l.minutes FROM report_late l
       WHERE l.due_id = d.id AND l.kind = 'late' AND (NOT d.kind = ANY(:scheduled) OR l.due_at = d.due_at)
       ORDER BY l.id DESC LIMIT 1) flag ON true
   WHERE d.stream = :stream AND d.due_at >= :first AND d.due_at < :after
     AND CASE d.state WHEN 'done' THEN true WHEN 'open' THEN d.due_at < CAST(:now AS timestamptz)
                      ELSE flag.minutes IS NOT NULL END
  UNION ALL
  SELECT d.incident_id, d.sender, i.region_code, l.due_at, 'done', l.due_at, max(l.done_at),
         max(l.minutes)
    FROM report_late l JOIN report_due d ON d.id = l.due_id JOIN seen i ON i.id = d.incident_id
   WHERE d.stream = :stream AND l.due_at >= :first AND l.due_at < :after AND l.kind = 'late'
     AND d.kind = ANY(:scheduled) AND l.due_at <> d.due_at
   GROUP BY d.id, d.incident_id, d.sender, i.region_code, l.due_at
), reckoned AS (
  SELECT *, coalesce(state = 'open' OR done_at > due_at, false) AS late_now,
         CASE WHEN state = 'open' THEN ceil(extract(epoch FROM CAST(:now AS timestamptz) - due_at) / 60)
              WHEN minutes IS NOT NULL THEN minutes
              WHEN done_at > due_at THEN ceil(extract(epoch FROM done_at - due_at) / 60) END AS delay
    FROM due
)
"""  # noqa: S608 - constant words
"""What was due from `:first` to `:after`, a row a report, `late_now` or flagged late."""
_STATISTICS = f"""
WITH {RECKONED}, first AS (
  SELECT d.sender AS node, i.region_code, min(d.due_at) AS at,
         greatest(0, extract(epoch FROM min(d.done_at) - min(d.begins_at))) AS took
    FROM report_due d JOIN seen i ON i.id = d.incident_id
   WHERE d.stream = :stream AND d.due_at >= :first AND d.due_at < :after AND d.kind = 'initial'
     AND d.round = 1 AND d.state <> 'dropped'
   GROUP BY d.incident_id, d.sender, i.region_code HAVING min(d.done_at) IS NOT NULL
), told AS (
  SELECT CASE WHEN right(w.region_code, 6) = '000000' THEN 'C' ELSE 'T' END AS node, w.region_code,
         w.drafted_at AS at, w.returns, (w.signed_as = 'oral_consent')::int AS oral,
         (w.signed_at IS NOT NULL)::int AS signed
    FROM written_report w JOIN seen i ON i.id = w.incident_id
   WHERE w.stream = :stream AND w.drafted_at >= :first AND w.drafted_at < :after
), corrected AS (
  SELECT CASE WHEN length(a.scope) > length(a.stream) THEN 'T' ELSE 'C' END AS node,
         rpad(a.scope, 12, '0') AS region_code, f.entered_at AS at
    FROM reporting_fact f JOIN seen i ON i.id = f.incident_id JOIN account a ON a.id = f.account_id
   WHERE f.stream = :stream AND f.entered_at >= :first AND f.entered_at < :after
     AND f.corrects_id IS NOT NULL
), item AS (
  SELECT node, {_UNIT.format(node="node", region="region_code")} AS unit, at, 1 AS due,
         (minutes IS NULL AND NOT late_now)::int AS in_time, (minutes IS NOT NULL OR late_now)::int AS late,
         (minutes IS NOT NULL AND NOT late_now)::int AS disputed, (state = 'open')::int AS unmade,
         delay, NULL::float8 AS took, 0 AS written, 0 AS returns, 0 AS oral, 0 AS corrections
    FROM reckoned
  UNION ALL
  SELECT node, {_UNIT.format(node="node", region="region_code")}, at, 0, 0, 0, 0, 0, NULL, took, 0, 0, 0, 0
    FROM first
  UNION ALL
  SELECT node, {_UNIT.format(node="node", region="region_code")}, at, 0, 0, 0, 0, 0, NULL, NULL,
         signed, returns, oral, 0
    FROM told
  UNION ALL
  SELECT node, {_UNIT.format(node="node", region="region_code")}, at, 0, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, 1
    FROM corrected
), mine AS (
  SELECT *, to_char(at AT TIME ZONE :zone, 'YYYY-MM') AS month FROM item WHERE {_MINE}
)
SELECT node, unit, month, grouping(node) AS any_unit, grouping(month) AS any_month,
       sum(due) AS due, sum(in_time) AS in_time, sum(late) AS late, sum(disputed) AS disputed,
       sum(unmade) AS unmade, avg(delay) AS average_delay_min, max(delay) AS longest_delay_min,
       count(took) AS first_reports,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS first_p50_s,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY took) AS first_p90_s,
       sum(written) AS written, sum(returns) AS returns, sum(oral) AS oral_consents,
       sum(corrections) AS corrections
  FROM mine GROUP BY GROUPING SETS ((), (node, unit), (month), (node, unit, month))
 ORDER BY any_unit DESC, any_month DESC, unit, node, month
"""  # noqa: S608 - constant words


async def counts(
    tx: Tx, by: Viewer, first: datetime, after: datetime, now: datetime, zone: ZoneInfo
) -> Sequence[Mapping[str, Any]]:
    """Return the counts of [first, after) of the units of one's scope: all, by unit, by month, by both.

    Incidents of which this person may know nothing are left out.
    """
    told = {
        "stream": by.stream,
        "scope": by.scope,
        "county": by.scope == by.stream,
        "first": first,
        "after": after,
        "now": now,
        "zone": zone.key,
        "scheduled": sorted(SCHEDULED),
    }
    rows = await tx.execute(text(_STATISTICS), {**told, **knowing(by)})
    return [dict(row) for row in rows.mappings()]


async def names(tx: Tx, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the names of places in both languages."""
    rows = await tx.execute(
        text("SELECT code, name_zh, name_en FROM region WHERE code = ANY(:codes)"), {"codes": list(codes)}
    )
    return {row.code: (row.name_zh, row.name_en) for row in rows}
