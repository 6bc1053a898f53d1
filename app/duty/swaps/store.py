"""Every SQL statement about swaps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.roster.tables import RosterOverride, Shift
from app.duty.swaps.facts import SwapFact
from app.duty.swaps.tables import Swap

_FACT = """
SELECT w.id, w.post_id, o.region_code, h.seat_id, s.role, w.shift_id, w.asker_id, a.name_zh AS asker_name,
       w.starts_at, w.ends_at, w.taker_id, t.name_zh AS taker_name, w.return_shift_id,
       r.starts_at AS return_starts_at, r.ends_at AS return_ends_at, w.state, w.reason, w.urgent, w.asked_by,
       w.asked_at, w.taken_by, w.taken_at, w.decided_by, w.decided_at, w.remark, w.flagged_at, w.filed_as,
       w.filed_by, w.filed_at,
       w.state IN ('asked', 'taken') AND (
         h.state <> 'planned' OR h.person_id <> w.asker_id OR w.starts_at < h.starts_at
         OR w.ends_at > h.ends_at
         OR (r.id IS NOT NULL
             AND (r.state <> 'planned' OR r.person_id <> coalesce(w.taker_id, r.person_id)))) AS stale
  FROM swap w
  JOIN duty_post o ON o.id = w.post_id
  JOIN shift h ON h.id = w.shift_id
  JOIN duty_seat s ON s.id = h.seat_id
  JOIN person a ON a.id = w.asker_id
  LEFT JOIN person t ON t.id = w.taker_id
  LEFT JOIN shift r ON r.id = w.return_shift_id
"""
_CONCERNING = """
 WHERE w.stream = :stream AND w.ends_at > :since
   AND (o.region_code LIKE :scope || '%' OR :me IN (w.asker_id, w.taker_id)
        OR (w.state = 'asked' AND w.taker_id IS NULL
            AND o.unit_id = (SELECT unit_id FROM person WHERE id = :me)))
"""


async def fact(tx: Tx, swap_id: int) -> SwapFact:
    """Return one swap."""
    rows = await tx.execute(text(_FACT + " WHERE w.id = :id"), {"id": swap_id})
    return SwapFact(**rows.mappings().one())


async def listed(
    tx: Tx, stream: str, scope: str, person_id: int | None, since: datetime, limit: int
) -> list[SwapFact]:
    """Return the swaps of a scope's posts, and those that concern a person, that end after an instant."""
    rows = await tx.execute(
        text(_FACT + _CONCERNING + " ORDER BY w.starts_at, w.id LIMIT :limit"),
        {"stream": stream, "scope": scope, "me": person_id, "since": since, "limit": limit},
    )
    return [SwapFact(**row) for row in rows.mappings()]


async def locked(tx: Tx, stream: str, swap_id: int) -> Swap | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(Swap).where(col(Swap.id) == swap_id, col(Swap.stream) == stream).with_for_update()
    )
    return found.scalar_one_or_none()


async def free(tx: Tx, stream: str, swap_id: int) -> Swap | None:
    """Return the row, locked, unless somebody decides on it at this instant."""
    found = await tx.execute(
        select(Swap)
        .where(col(Swap.id) == swap_id, col(Swap.stream) == stream)
        .with_for_update(skip_locked=True)
    )
    return found.scalar_one_or_none()


async def shift(tx: Tx, stream: str, shift_id: int) -> Shift | None:
    """Return a shift of the county."""
    found = await tx.execute(select(Shift).where(col(Shift.id) == shift_id, col(Shift.stream) == stream))
    return found.scalar_one_or_none()


async def overrides_of(tx: Tx, swap_id: int) -> list[RosterOverride]:
    """Return the changes of the roster that a swap made and that hold."""
    found = await tx.execute(
        select(RosterOverride)
        .where(col(RosterOverride.swap_id) == swap_id, col(RosterOverride.revoked_at).is_(None))
        .with_for_update()
    )
    return list(found.scalars())


async def built_upon(tx: Tx, overrides: Sequence[RosterOverride]) -> bool:
    """Whether a later change passes on what one of these gave (a chained swap)."""
    found = await tx.scalar(
        text(
            """
            SELECT EXISTS (
              SELECT 1 FROM roster_override o
                JOIN roster_override l ON l.seat_id = o.seat_id AND l.remove_person_id = o.add_person_id
                 AND l.id > o.id AND l.revoked_at IS NULL
                 AND tstzrange(l.starts_at, l.ends_at) && tstzrange(o.starts_at, o.ends_at)
               WHERE o.id = ANY(:ids))
            """
        ),
        {"ids": [row.id for row in overrides]},
    )
    return bool(found)


async def undecided(tx: Tx, stream: str, taken_before: datetime) -> list[int]:
    """Return the swaps taken before an instant that wait for a leader and were not flagged."""
    rows = await tx.execute(
        text(
            "SELECT id FROM swap WHERE stream = :stream AND state = 'taken' AND flagged_at IS NULL"
            " AND taken_at <= :before ORDER BY id LIMIT 50"
        ),
        {"stream": stream, "before": taken_before},
    )
    return [row.id for row in rows]


async def overtaken(tx: Tx, stream: str, now: datetime) -> list[int]:
    """Return the open swaps whose time has begun or whose shift has gone."""
    rows = await tx.execute(
        text(
            f"SELECT id FROM ({_FACT} WHERE w.stream = :stream AND w.state IN ('asked', 'taken')) f"  # noqa: S608
            " WHERE f.stale OR f.starts_at <= :now ORDER BY id LIMIT 50"
        ),
        {"stream": stream, "now": now},
    )
    return [row.id for row in rows]
