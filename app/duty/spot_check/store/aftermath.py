"""What follows from a finding: failures to be put right, and appeals against them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.spot_check.facts import AppealFact, RectificationFact
from app.duty.spot_check.tables import Rectification, SpotAppeal

_RECTIFICATION = """
SELECT r.id, r.finding_id, f.spot_check_id, r.post_id, p.name_zh AS post_name, p.region_code, r.failure,
       r.opened_at, r.due_at,
       CASE WHEN r.state = 'open' AND r.due_at < :now THEN 'overdue' ELSE r.state END AS state,
       r.evidence, r.reported_by, r.reported_at, r.remark, r.confirmed_by, r.confirmed_at
  FROM rectification r JOIN spot_finding f ON f.id = r.finding_id JOIN duty_post p ON p.id = r.post_id
 WHERE r.stream = :stream AND p.region_code LIKE :scope || '%'
"""
_APPEAL = """
SELECT a.id, a.finding_id, f.spot_check_id, f.post_id, p.name_zh AS post_name, p.region_code, a.failure,
       a.evidence, a.asked_by, a.asked_at, a.state, a.decided_by, a.decided_at, a.remark
  FROM spot_appeal a JOIN spot_finding f ON f.id = a.finding_id JOIN duty_post p ON p.id = f.post_id
 WHERE a.stream = :stream AND p.region_code LIKE :scope || '%'
"""


async def rectifications(
    tx: Tx,
    stream: str,
    scope: str,
    now: datetime,
    *,
    spot_check_id: int | None = None,
    rectification_id: int | None = None,
    limit: int = 500,
) -> list[RectificationFact]:
    """Return what has to be put right in a scope, what waits first and by its time."""
    rows = await tx.execute(
        text(
            _RECTIFICATION + " AND (CAST(:check AS bigint) IS NULL OR f.spot_check_id = :check)"
            " AND (CAST(:id AS bigint) IS NULL OR r.id = :id)"
            " ORDER BY r.state NOT IN ('open', 'reported'), r.due_at, r.id LIMIT :limit"
        ),
        {
            "stream": stream,
            "scope": scope,
            "now": now,
            "check": spot_check_id,
            "id": rectification_id,
            "limit": limit,
        },
    )
    return [RectificationFact(**row) for row in rows.mappings()]


async def locked_rectification(tx: Tx, stream: str, rectification_id: int) -> Rectification | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(Rectification)
        .where(col(Rectification.id) == rectification_id, col(Rectification.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def rectification_of(tx: Tx, finding_id: int, failure: str) -> Rectification | None:
    """Return what was opened for one failure, locked until commit."""
    found = await tx.execute(
        select(Rectification)
        .where(col(Rectification.finding_id) == finding_id, col(Rectification.failure) == failure)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def appeals(
    tx: Tx, stream: str, scope: str, *, appeal_id: int | None = None, limit: int = 500
) -> list[AppealFact]:
    """Return the appeals of a scope, those that wait for a word first."""
    rows = await tx.execute(
        text(
            _APPEAL + " AND (CAST(:id AS bigint) IS NULL OR a.id = :id)"
            " ORDER BY a.state <> 'asked', a.id DESC LIMIT :limit"
        ),
        {"stream": stream, "scope": scope, "id": appeal_id, "limit": limit},
    )
    return [AppealFact(**row) for row in rows.mappings()]


async def locked_appeal(tx: Tx, stream: str, appeal_id: int) -> SpotAppeal | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(SpotAppeal)
        .where(col(SpotAppeal.id) == appeal_id, col(SpotAppeal.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def standing_appeal(tx: Tx, finding_id: int, failure: str) -> bool:
    """Whether an appeal against this failure waits or was upheld."""
    return bool(
        await tx.scalar(
            text(
                "SELECT EXISTS (SELECT 1 FROM spot_appeal WHERE finding_id = :id AND failure = :failure"
                " AND state IN ('asked', 'upheld'))"
            ),
            {"id": finding_id, "failure": failure},
        )
    )
