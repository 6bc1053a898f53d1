"""Every SQL statement about shifts: what holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.roster.facts import ShiftFact
from app.duty.roster.tables import Shift

_FACT = """
SELECT h.id, h.post_id, h.seat_id, s.role, h.person_id, p.name_zh AS person_name,
       coalesce(p.phones[1], '') AS phone, h.starts_at, h.ends_at, h.source, a.arrived_at, a.left_at
  FROM shift h JOIN duty_seat s ON s.id = h.seat_id JOIN person p ON p.id = h.person_id
  LEFT JOIN LATERAL (SELECT t.arrived_at, t.left_at FROM attendance t
                      WHERE t.shift_id = h.id ORDER BY t.id DESC LIMIT 1) a ON true
"""
_NEXT = """
SELECT n.id, n.post_id, n.seat_id, s.role, n.person_id, p.name_zh AS person_name,
       coalesce(p.phones[1], '') AS phone, n.starts_at, n.ends_at, n.source
  FROM duty_seat s
 CROSS JOIN LATERAL (SELECT h.starts_at FROM shift h
                      WHERE h.seat_id = s.id AND h.state = 'planned' AND h.starts_at > :at
                      ORDER BY h.starts_at LIMIT 1) f
 CROSS JOIN LATERAL (SELECT h.* FROM shift h
                      WHERE h.seat_id = s.id AND h.state = 'planned' AND h.starts_at = f.starts_at
                     OFFSET 0) n
  JOIN person p ON p.id = n.person_id
 WHERE s.post_id = ANY(:posts)
 ORDER BY n.seat_id, n.person_id
"""


async def at(tx: Tx, post_ids: Sequence[int], instant: datetime) -> list[ShiftFact]:
    """Return the shifts that hold at an instant at these posts."""
    rows = await tx.execute(
        text(
            _FACT + " WHERE h.state = 'planned' AND tstzrange(h.starts_at, h.ends_at) @> :at"
            " AND h.post_id = ANY(:posts) ORDER BY h.seat_id, h.starts_at, h.id"
        ).bindparams(at=instant, posts=list(post_ids))
    )
    return [ShiftFact(**row) for row in rows.mappings()]


async def next_after(tx: Tx, post_ids: Sequence[int], instant: datetime) -> list[ShiftFact]:
    """Return, for each seat of these posts, the shifts that begin first after an instant."""
    rows = await tx.execute(text(_NEXT), {"at": instant, "posts": list(post_ids)})
    return [ShiftFact(**row) for row in rows.mappings()]


async def between(tx: Tx, post_id: int, start: datetime, end: datetime) -> list[ShiftFact]:
    """Return the shifts of a post that touch a span, in the order of their beginning."""
    rows = await tx.execute(
        text(
            _FACT + " WHERE h.post_id = :post AND h.state = 'planned'"
            " AND tstzrange(h.starts_at, h.ends_at) && tstzrange(:start, :end)"
            " ORDER BY h.starts_at, s.ordinal, h.id"
        ),
        {"post": post_id, "start": start, "end": end},
    )
    return [ShiftFact(**row) for row in rows.mappings()]


async def of_person(tx: Tx, stream: str, person_id: int, start: datetime, end: datetime) -> list[ShiftFact]:
    """Return the shifts of a person that touch a span, at whatever post."""
    rows = await tx.execute(
        text(
            _FACT + " WHERE h.stream = :stream AND h.person_id = :person AND h.state = 'planned'"
            " AND tstzrange(h.starts_at, h.ends_at) && tstzrange(:start, :end) ORDER BY h.starts_at"
        ),
        {"stream": stream, "person": person_id, "start": start, "end": end},
    )
    return [ShiftFact(**row) for row in rows.mappings()]


async def of_persons_elsewhere(
    tx: Tx, person_ids: Sequence[int], except_seats: Sequence[int], start: datetime, end: datetime
) -> list[ShiftFact]:
    """Return the shifts that these persons hold on other seats within a span."""
    rows = await tx.execute(
        text(
            _FACT + " WHERE h.person_id = ANY(:persons) AND h.state = 'planned'"
            " AND NOT h.seat_id = ANY(:seats)"
            " AND tstzrange(h.starts_at, h.ends_at) && tstzrange(:start, :end) ORDER BY h.starts_at"
        ),
        {"persons": list(person_ids), "seats": list(except_seats), "start": start, "end": end},
    )
    return [ShiftFact(**row) for row in rows.mappings()]


async def facts(tx: Tx, shift_ids: Sequence[int]) -> list[ShiftFact]:
    """Return shifts by number, cancelled ones too."""
    rows = await tx.execute(
        text(_FACT + " WHERE h.id = ANY(:ids) ORDER BY h.starts_at, h.id"), {"ids": list(shift_ids)}
    )
    return [ShiftFact(**row) for row in rows.mappings()]


async def rows_touching(tx: Tx, seat_ids: Sequence[int], start: datetime, end: datetime) -> list[Shift]:
    """Return the planned shifts of these seats that touch a span, as rows to be changed."""
    found = await tx.execute(
        select(Shift)
        .where(
            col(Shift.seat_id).in_(seat_ids),
            col(Shift.state) == "planned",
            col(Shift.starts_at) < end,
            col(Shift.ends_at) > start,
        )
        .order_by("starts_at", "id")
    )
    return list(found.scalars())


async def of_persons_around(
    tx: Tx, person_ids: Sequence[int], start: datetime, end: datetime
) -> list[ShiftFact]:
    """Return every shift of these persons that touches a span, at whatever seat."""
    return await of_persons_elsewhere(tx, person_ids, [], start, end)
