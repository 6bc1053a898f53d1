"""Every SQL statement about messengers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.messenger.facts import MessengerFact
from app.dispatch.messenger.tables import MessengerRun
from app.dispatch.secrecy.store import knowing, may_know
from app.org.rules.access import Viewer

_FACT = """
SELECT m.id, m.messenger, m.phone, m.region_code, m.villages, m.words, m.by_means, m.incident_id, m.left_at,
       m.expected_at, m.arrived_at, m.back_at, m.overdue_at, m.report, m.channel, m.voucher, m.sent_by,
       m.entered_at,
       CASE WHEN m.back_at IS NOT NULL THEN 'back' WHEN m.overdue_at IS NOT NULL THEN 'overdue'
            WHEN m.arrived_at IS NOT NULL THEN 'arrived' ELSE 'out' END AS state,
       ARRAY(SELECT v.name_zh FROM region v WHERE v.code = ANY(m.villages) ORDER BY v.code) AS village_names,
       coalesce((SELECT string_agg(r.name_zh, '' ORDER BY r.code) FROM region r
         WHERE r.code IN (left(m.region_code, 9) || '000', m.region_code)), '') AS region_path
  FROM messenger_run m
"""
_LISTED = f"""
 WHERE m.stream = :stream AND m.region_code LIKE :scope || '%' AND {may_know("m.incident_id")}
   AND (m.back_at IS NULL OR m.back_at > :after)
 ORDER BY m.back_at IS NOT NULL, m.expected_at, m.id LIMIT 500
"""


async def fact(tx: Tx, run_id: int) -> MessengerFact:
    """Return the wire shape of one errand."""
    rows = await tx.execute(text(_FACT + " WHERE m.id = :id"), {"id": run_id})
    return MessengerFact(**rows.mappings().one())


async def listed(tx: Tx, by: Viewer, back_after: datetime) -> list[MessengerFact]:
    """Return the messengers of a scope who are out, and those back lately; the latest expected last."""
    rows = await tx.execute(
        text(_FACT + _LISTED),
        {"stream": by.stream, "scope": by.scope, **knowing(by), "after": back_after},
    )
    return [MessengerFact(**row) for row in rows.mappings()]


async def locked(tx: Tx, by: Viewer, run_id: int) -> MessengerRun | None:
    """Return an errand of a scope, locked until commit, or None."""
    found = await tx.execute(
        select(MessengerRun)
        .where(
            col(MessengerRun.id) == run_id,
            col(MessengerRun.stream) == by.stream,
            col(MessengerRun.region_code).startswith(by.scope),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def late(tx: Tx, stream: str, now: datetime) -> list[MessengerRun]:
    """Return the messengers who are not back in time and of whom that was not told, locked."""
    found = await tx.execute(
        select(MessengerRun)
        .where(
            col(MessengerRun.stream) == stream,
            col(MessengerRun.back_at).is_(None),
            col(MessengerRun.overdue_at).is_(None),
            col(MessengerRun.expected_at) <= now,
        )
        .order_by(col(MessengerRun.id))
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    return list(found.scalars())
