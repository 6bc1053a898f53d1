"""The checks themselves, and the posts that can be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.spot_check.facts import SpotCheckFact
from app.duty.spot_check.tables import SpotCheck

# Whoever sees less than the county learns the seed when the check is over, and counts his own posts only.
_FACT = """
SELECT s.id, s.title, s.ordered_by, s.starts_at, s.ends_at, cardinality(s.pool) AS pool_size, s.weighting,
       CASE WHEN starts_with(s.stream, :scope) OR s.state = 'finished' THEN s.seed ELSE '' END AS seed,
       s.response_level, s.state, s.opened_by, s.opened_at, s.finished_by, s.finished_at,
       count(f.*) AS drawn, count(f.*) FILTER (WHERE f.state = 'passed') AS passed,
       count(f.*) FILTER (WHERE f.state = 'failed') AS failed,
       count(f.*) FILTER (WHERE f.state IN ('waiting', 'calling', 'retry')) AS waiting,
       (SELECT c.state FROM spot_circular c WHERE c.spot_check_id = s.id
           AND (starts_with(s.stream, :scope) OR c.state = 'issued')) AS circular
  FROM spot_check s
  LEFT JOIN (spot_finding f JOIN duty_post p ON p.id = f.post_id) ON f.spot_check_id = s.id
        AND p.region_code LIKE :scope || '%'
        AND (starts_with(s.stream, :scope) OR f.state NOT IN ('waiting', 'not_checked'))
 WHERE s.stream = :stream
"""
# A township sees a check that called one of its posts, or whose circular was issued to it.
_CONCERNING = """
   AND (starts_with(s.stream, :scope)
        OR EXISTS (SELECT 1 FROM spot_finding g JOIN duty_post q ON q.id = g.post_id
                    WHERE g.spot_check_id = s.id AND q.region_code LIKE :scope || '%'
                      AND g.state NOT IN ('waiting', 'not_checked'))
        OR EXISTS (SELECT 1 FROM spot_receipt r JOIN duty_post q ON q.id = r.post_id
                    WHERE r.spot_check_id = s.id AND q.region_code LIKE :scope || '%'))
"""


async def fact(tx: Tx, stream: str, scope: str, spot_check_id: int) -> SpotCheckFact | None:
    """Return one check as a scope may see it, None if it may not."""
    rows = await tx.execute(
        text(_FACT + _CONCERNING + " AND s.id = :id GROUP BY s.id"),
        {"stream": stream, "scope": scope, "id": spot_check_id},
    )
    row = rows.mappings().first()
    return SpotCheckFact(**row) if row else None


async def latest(tx: Tx, stream: str, scope: str, limit: int) -> list[SpotCheckFact]:
    """Return the last checks that a scope may see, the latest first."""
    rows = await tx.execute(
        text(_FACT + _CONCERNING + " GROUP BY s.id ORDER BY s.id DESC LIMIT :limit"),
        {"stream": stream, "scope": scope, "limit": limit},
    )
    return [SpotCheckFact(**row) for row in rows.mappings()]


async def locked(tx: Tx, stream: str, spot_check_id: int) -> SpotCheck | None:
    """Return the row, locked until commit: whoever works on a check or its findings takes turns here."""
    found = await tx.execute(
        select(SpotCheck)
        .where(col(SpotCheck.id) == spot_check_id, col(SpotCheck.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def pool_of(tx: Tx, spot_check_id: int) -> list[int]:
    """Return the posts that could be drawn."""
    found = await tx.scalar(select(SpotCheck.pool).where(col(SpotCheck.id) == spot_check_id))
    return list(found or [])


async def check_times(
    tx: Tx, post_ids: Sequence[int], start: datetime, end: datetime
) -> dict[int, list[datetime]]:
    """Return when each of these posts was called and judged within a span, by post."""
    rows = await tx.execute(
        text(
            """
            SELECT f.post_id, min(a.called_at) AS at
              FROM spot_finding f JOIN spot_attempt a ON a.finding_id = f.id
             WHERE f.post_id = ANY(:posts) AND f.state IN ('passed', 'failed')
             GROUP BY f.id HAVING min(a.called_at) >= :start AND min(a.called_at) < :end
            """
        ),
        {"posts": list(post_ids), "start": start, "end": end},
    )
    found: dict[int, list[datetime]] = {post_id: [] for post_id in post_ids}
    for row in rows:
        found[row.post_id].append(row.at)
    return found


async def name_of_centre(tx: Tx, stream: str) -> str:
    """Return the unit that issues circulars: the centre."""
    found = await tx.scalar(
        text(
            """
            SELECT name_zh FROM org_unit WHERE region_code LIKE :stream || '%'
             ORDER BY kind <> 'centre', id LIMIT 1
            """
        ),
        {"stream": stream},
    )
    return str(found or "应急指挥中心")
