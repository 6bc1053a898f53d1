"""Matters written down by hand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.desk.handover.facts import MatterFact
from app.desk.handover.tables import DeskMatter

_MATTER = """
SELECT m.id, m.post_id, d.region_code, m.kind, m.text, m.due_at, m.made_by, m.made_at, m.closed_by,
       m.closed_at, m.outcome
  FROM desk_matter m JOIN duty_post d ON d.id = m.post_id
"""


async def matter_fact(tx: Tx, matter_id: int) -> MatterFact:
    """Return one matter."""
    rows = await tx.execute(text(_MATTER + " WHERE m.id = :id"), {"id": matter_id})
    return MatterFact(**rows.mappings().one())


async def matters(tx: Tx, post_id: int, *, closed: bool, limit: int) -> list[MatterFact]:
    """Return the matters of a desk, the latest first; the closed ones too if asked."""
    rows = await tx.execute(
        text(
            _MATTER + " WHERE m.post_id = :post AND (:closed OR m.closed_at IS NULL)"
            " ORDER BY m.id DESC LIMIT :limit"
        ),
        {"post": post_id, "closed": closed, "limit": limit},
    )
    return [MatterFact(**row) for row in rows.mappings()]


async def locked_matter(tx: Tx, stream: str, matter_id: int) -> DeskMatter | None:
    """Return a matter of the county, locked."""
    found = await tx.execute(
        select(DeskMatter)
        .where(col(DeskMatter.id) == matter_id, col(DeskMatter.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def falling_due(tx: Tx, stream: str, now: datetime) -> list[DeskMatter]:
    """Return the open matters that fell due and were not told, locked; another node's are passed over."""
    found = await tx.execute(
        select(DeskMatter)
        .where(
            col(DeskMatter.stream) == stream,
            col(DeskMatter.closed_at).is_(None),
            col(DeskMatter.due_at) <= now,
            col(DeskMatter.due_told_at).is_(None),
        )
        .order_by(col(DeskMatter.due_at), col(DeskMatter.id))
        .limit(50)
        .with_for_update(skip_locked=True)
    )
    return list(found.scalars())


async def passing(tx: Tx, post_id: int) -> list[DeskMatter]:
    """Return the open matters that hold for one hand-over only (weather, notes), locked."""
    found = await tx.execute(
        select(DeskMatter)
        .where(
            col(DeskMatter.post_id) == post_id,
            col(DeskMatter.closed_at).is_(None),
            col(DeskMatter.kind).in_(("weather", "note")),
        )
        .with_for_update()
    )
    return list(found.scalars())
