"""Every SQL statement about contacts in maintenance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.maintenance.facts import MaintenanceFact
from app.dispatch.maintenance.tables import ContactMaintenance
from app.dispatch.tables import Assignment

_FACT = """
SELECT m.id, m.channel, m.team_id, t.name_zh AS team_name, m.reason, m.begun_by, m.begun_at, m.until,
       m.ended_by, m.ended_at
  FROM contact_maintenance m LEFT JOIN team t ON t.id = m.team_id
"""


async def fact(tx: Tx, maintenance_id: int) -> MaintenanceFact:
    """Return one in its wire shape."""
    found = await tx.execute(text(_FACT + " WHERE m.id = :id"), {"id": maintenance_id})
    return MaintenanceFact(**found.mappings().one())


async def standing(tx: Tx, stream: str, scope: str) -> list[MaintenanceFact]:
    """Return what is in maintenance now: channels, and the teams of a scope."""
    where = (
        " WHERE m.stream = :stream AND m.ended_at IS NULL"
        " AND (t.id IS NULL OR t.region_code LIKE :scope || '%') ORDER BY m.id"
    )
    rows = await tx.execute(text(_FACT + where), {"stream": stream, "scope": scope})
    return [MaintenanceFact(**row) for row in rows.mappings()]


async def standing_of(
    tx: Tx, stream: str, channel: str | None, team_id: int | None
) -> ContactMaintenance | None:
    """Return the one of a channel or a team that holds, locked."""
    of = col(ContactMaintenance.team_id) == team_id if team_id else col(ContactMaintenance.channel) == channel
    return await _one(
        tx, [col(ContactMaintenance.stream) == stream, of, col(ContactMaintenance.ended_at).is_(None)]
    )


async def locked(tx: Tx, stream: str, maintenance_id: int) -> ContactMaintenance | None:
    """Return one by its id, locked."""
    of = [col(ContactMaintenance.stream) == stream, col(ContactMaintenance.id) == maintenance_id]
    return await _one(tx, of)


async def _one(tx: Tx, where: Sequence[Any]) -> ContactMaintenance | None:
    found = await tx.execute(select(ContactMaintenance).where(*where).with_for_update())
    return found.scalar_one_or_none()


async def over(tx: Tx, now: datetime) -> ContactMaintenance | None:
    """Return one whose time is over, locked; others may be held by another node."""
    found = await tx.execute(
        select(ContactMaintenance)
        .where(col(ContactMaintenance.ended_at).is_(None), col(ContactMaintenance.until) <= now)
        .order_by(col(ContactMaintenance.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found.scalar_one_or_none()


async def unanswered(tx: Tx, stream: str, team_id: int | None) -> Sequence[Assignment]:
    """Return the unanswered orders of a team, or of all teams, whose ladder nobody stopped; locked."""
    where = [
        col(Assignment.stream) == stream,
        col(Assignment.state) == "dispatched",
        col(Assignment.escalation_stopped_by).is_(None),
    ]
    if team_id is not None:
        where.append(col(Assignment.team_id) == team_id)
    found = await tx.execute(select(Assignment).where(*where).order_by(col(Assignment.id)).with_for_update())
    return found.scalars().all()
