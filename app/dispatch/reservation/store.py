"""Every SQL statement about reservations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.exercise.store import runs
from app.dispatch.reservation.facts import ReservationFact
from app.dispatch.reservation.tables import Reservation

_FACT = """
SELECT r.id, r.incident_id, i.number AS incident_number, r.team_id, t.name_zh AS team_name, r.state,
       r.starts_at, r.text, r.reserved_by, r.reserved_at, r.assignment_id, r.ended_by, r.ended_at, r.reason
  FROM reservation r JOIN incident i ON i.id = r.incident_id JOIN team t ON t.id = r.team_id
"""


async def fact(tx: Tx, reservation_id: int) -> ReservationFact:
    """Return the wire shape of one reservation."""
    rows = await tx.execute(text(_FACT + " WHERE r.id = :id"), {"id": reservation_id})
    return ReservationFact(**rows.mappings().one())


async def of_incident(tx: Tx, incident_id: int) -> list[ReservationFact]:
    """Return the reservations for an incident, those that begin first in front."""
    rows = await tx.execute(
        text(_FACT + " WHERE r.incident_id = :id ORDER BY r.starts_at, r.id LIMIT 200"), {"id": incident_id}
    )
    return [ReservationFact(**row) for row in rows.mappings()]


async def open_one(tx: Tx, incident_id: int, team_id: int) -> Reservation | None:
    """Return the open reservation of a team for an incident, or None."""
    found = await tx.execute(
        select(Reservation).where(
            col(Reservation.incident_id) == incident_id,
            col(Reservation.team_id) == team_id,
            col(Reservation.state).in_(("reserved", "blocked")),
        )
    )
    return found.scalar_one_or_none()


async def locked(tx: Tx, stream: str, reservation_id: int) -> Reservation | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(Reservation)
        .where(col(Reservation.id) == reservation_id, col(Reservation.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def due(tx: Tx, now: datetime) -> Reservation | None:
    """Return one reservation whose time has come, locked; others may be held by another node."""
    found = await tx.execute(
        select(Reservation)
        .where(col(Reservation.look_at) <= now, text(runs("reservation.incident_id")))
        .order_by(col(Reservation.look_at), col(Reservation.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found.scalar_one_or_none()
