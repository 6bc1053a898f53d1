"""Every SQL statement about versions of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.secrecy.store import knowing, may_know
from app.dispatch.tables import Incident
from app.org.rules.access import Viewer
from app.reporting.rulebook.tables import ReportingRules
from app.reporting.store.dues import AFTER_CLOSE

MOST = 200  # versions in a list
_IN_FORCE = """
SELECT id FROM reporting_rules
 WHERE stream = :stream AND state = 'published' AND holds_from <= :now
 ORDER BY holds_from DESC, id DESC LIMIT 5
"""
_NOTE = """
INSERT INTO reporting_reckoned (incident_id, key) VALUES (:incident, :key)
ON CONFLICT (incident_id) DO UPDATE SET key = EXCLUDED.key WHERE reporting_reckoned.key <> EXCLUDED.key
"""
_RECORDED = f"""
SELECT i.id FROM incident i
 WHERE i.stream = :stream AND i.state IN ('open', 'closed') AND i.merged_into_id IS NULL
   AND (i.id = ANY(:ids)
        OR i.opened_at >= CAST(:since AS timestamptz) AND i.opened_at < CAST(:until AS timestamptz))
   AND EXISTS (SELECT 1 FROM unnest(i.concern_regions) r WHERE r LIKE :scope || '%')
   AND {may_know("i.id")}
 ORDER BY i.id DESC LIMIT :limit
"""  # noqa: S608 - a constant condition
# What is open, and what is closed and still owes reports of its end.
_BEHIND = """
SELECT i.id FROM incident i LEFT JOIN reporting_reckoned r ON r.incident_id = i.id
 WHERE i.stream = :stream AND i.merged_into_id IS NULL AND coalesce(r.key, '') <> :key
   AND (i.state = 'open' OR i.state = 'closed' AND i.id IN (
        SELECT d.incident_id FROM report_due d
         WHERE d.stream = :stream AND d.state = 'open' AND d.kind = ANY(:after_close)))
 ORDER BY i.id LIMIT :limit
"""


async def recorded_ids(
    tx: Tx, by: Viewer, span: tuple[datetime, datetime] | None, ids: Sequence[int], limit: int
) -> list[int]:
    """Return incidents this person may see, opened in a span of time or else among `ids`, newest first."""
    since, until = span or (None, None)
    told = {"stream": by.stream, "scope": by.scope, "since": since, "until": until, "limit": limit}
    rows = await tx.execute(text(_RECORDED), {**told, "ids": list(ids), **knowing(by)})
    return list(rows.scalars())


async def recorded_rows(tx: Tx, ids: Sequence[int]) -> Sequence[Incident]:
    """Return the rows of incidents, the newest first."""
    found = await tx.execute(
        select(Incident).where(col(Incident.id).in_(ids)).order_by(col(Incident.id).desc())
    )
    return found.scalars().all()


async def one_at_a_time(tx: Tx, stream: str) -> None:
    """Let nobody else change the county's rules until commit."""
    await tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('reporting_rules'), hashtext(:stream))"),
        {"stream": stream},
    )


async def in_force(tx: Tx, stream: str, now: datetime) -> list[int]:
    """Return the published versions whose instant has come, the one in force first, five at most."""
    return list((await tx.execute(text(_IN_FORCE), {"stream": stream, "now": now})).scalars())


async def row(tx: Tx, rules_id: int, stream: str | None = None) -> ReportingRules | None:
    """Return a version as it stands now, of the county if one is named, or None."""
    found = await tx.get(ReportingRules, rules_id, populate_existing=True)
    return found if found is not None and stream in (None, found.stream) else None


async def versions(tx: Tx, stream: str) -> Sequence[ReportingRules]:
    """Return the versions of a county that were not dropped, the newest first, 200 at most."""
    found = await tx.execute(
        select(ReportingRules)
        .where(col(ReportingRules.stream) == stream, col(ReportingRules.state) != "dropped")
        .order_by(col(ReportingRules.id).desc())
        .limit(MOST)
    )
    return found.scalars().all()


async def last_number(tx: Tx, stream: str) -> int:
    """Return the number of the county's newest version, 0 when there is none."""
    found = await tx.execute(
        select(func.max(col(ReportingRules.number))).where(col(ReportingRules.stream) == stream)
    )
    return found.scalar_one() or 0


async def last_published(tx: Tx, stream: str) -> int:
    """Return the version that was published last, whether its instant has come or not; 0: none."""
    found = await tx.execute(
        select(col(ReportingRules.id))
        .where(col(ReportingRules.stream) == stream, col(ReportingRules.state) == "published")
        .order_by(col(ReportingRules.published_at).desc(), col(ReportingRules.id).desc())
        .limit(1)
    )
    return found.scalar_one_or_none() or 0


async def note_reckoned(tx: Tx, incident_id: int, key: str) -> None:
    """Keep by which rules an incident was reckoned last."""
    await tx.execute(text(_NOTE), {"incident": incident_id, "key": key})


async def behind(tx: Tx, stream: str, key: str, limit: int) -> list[int]:
    """Return incidents whose dues were reckoned by other rules than those of now."""
    told = {"stream": stream, "key": key, "limit": limit, "after_close": list(AFTER_CLOSE)}
    return list((await tx.execute(text(_BEHIND), told)).scalars())
