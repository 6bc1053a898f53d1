"""Every SQL statement about what generation needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text

from app.db import Tx
from app.duty.generation.facts import WishFact


async def people(tx: Tx, unit_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return (id, name, unit_id, qualifications) of those who serve in these units."""
    rows = await tx.execute(
        text(
            "SELECT id, name_zh AS name, unit_id, qualifications FROM person"
            " WHERE unit_id = ANY(:units) AND active ORDER BY id"
        ),
        {"units": list(unit_ids)},
    )
    return rows.all()


async def seat_holders(tx: Tx, seat_ids: Sequence[int], since: datetime) -> Sequence[Row[Any]]:
    """Return (seat_id, person_id) of those who take turns at these seats or held them since an instant."""
    rows = await tx.execute(
        text(
            """
            SELECT r.seat_id, CAST(p.value AS bigint) AS person_id
              FROM seat_rotation r, jsonb_array_elements(r.groups) g, jsonb_array_elements_text(g.value) p
             WHERE r.seat_id = ANY(:seats) AND r.ended_at IS NULL
             UNION
            SELECT h.seat_id, h.person_id FROM shift h
             WHERE h.seat_id = ANY(:seats) AND h.state = 'planned' AND h.starts_at >= :since
            """
        ),
        {"seats": list(seat_ids), "since": since},
    )
    return rows.all()


async def shifts_of(tx: Tx, person_ids: Sequence[int], start: datetime, end: datetime) -> Sequence[Row[Any]]:
    """Return (person_id, seat_id, starts_at, ends_at) of the planned shifts that begin within a span."""
    rows = await tx.execute(
        text(
            "SELECT person_id, seat_id, starts_at, ends_at FROM shift WHERE person_id = ANY(:ids)"
            " AND state = 'planned' AND starts_at >= :start AND starts_at < :end ORDER BY starts_at"
        ),
        {"ids": list(person_ids), "start": start, "end": end},
    )
    return rows.all()


async def wishes(tx: Tx, person_ids: Sequence[int], first: date, last: date) -> list[WishFact]:
    """Return the wishes of these persons for the days of a span, both included."""
    rows = await tx.execute(
        text(
            "SELECT w.person_id, p.name_zh AS person_name, w.day, w.kind, w.weight, w.note"
            "  FROM duty_wish w JOIN person p ON p.id = w.person_id"
            " WHERE w.person_id = ANY(:ids) AND w.day BETWEEN :first AND :last ORDER BY w.day, w.person_id"
        ),
        {"ids": list(person_ids), "first": first, "last": last},
    )
    return [WishFact(**row) for row in rows.mappings()]


async def wishes_of_unit(tx: Tx, unit_id: int, first: date, last: date) -> list[WishFact]:
    """Return the wishes of a unit's people."""
    ids = [row.id for row in await people(tx, [unit_id])]
    return await wishes(tx, ids, first, last)


async def keep_wish(
    tx: Tx, person_id: int, day: date, kind: str, weight: int, note: str, by: str, now: datetime
) -> None:
    """Write a wish down, in the place of an earlier one for that day."""
    await tx.execute(
        text(
            "INSERT INTO duty_wish (person_id, day, kind, weight, note, told_by, told_at)"
            " VALUES (:person, :day, :kind, :weight, :note, :by, :now)"
            " ON CONFLICT (person_id, day) DO UPDATE SET kind = :kind, weight = :weight, note = :note,"
            " told_by = :by, told_at = :now"
        ),
        {
            "person": person_id,
            "day": day,
            "kind": kind,
            "weight": weight,
            "note": note,
            "by": by,
            "now": now,
        },
    )


async def drop_wish(tx: Tx, person_id: int, day: date) -> None:
    """Take a wish back."""
    await tx.execute(
        text("DELETE FROM duty_wish WHERE person_id = :person AND day = :day"),
        {"person": person_id, "day": day},
    )
