"""Every SQL statement about whom was told of which shift."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Tx
from app.duty.reminders.rules import Turn

MOST = 5000
_TURN = """
SELECT h.id, h.person_id, h.seat_id, p.name_zh AS post_name,
       p.region_code, s.role, h.starts_at, h.ends_at,
       h.state = 'cancelled' AS withdrawn
  FROM shift h JOIN duty_seat s ON s.id = h.seat_id JOIN duty_post p ON p.id = h.post_id
"""


async def untold(tx: Tx, stream: str, now: datetime) -> list[Turn]:
    """Return shifts to come whose person does not know yet that they hold, or that they no longer do."""
    return await _turns(
        tx,
        " WHERE h.stream = :stream AND h.starts_at > :at AND ("
        "  (h.state = 'planned' AND h.told_at IS NULL)"
        "  OR (h.state = 'cancelled' AND h.told_at IS NOT NULL AND h.withdrawal_told_at IS NULL))",
        stream,
        now,
    )


async def beginning(tx: Tx, stream: str, now: datetime, within: timedelta) -> list[Turn]:
    """Return shifts that begin within a span, were told of before, and were not called to mind."""
    return await _turns(
        tx,
        " WHERE h.stream = :stream AND h.state = 'planned'"
        " AND h.reminded_at IS NULL AND h.told_at IS NOT NULL"
        " AND h.starts_at > :at AND h.starts_at <= :until",
        stream,
        now,
        until=now + within,
    )


async def _turns(tx: Tx, where: str, stream: str, at: datetime, **more: datetime) -> list[Turn]:
    rows = await tx.execute(
        text(_TURN + where + f" ORDER BY h.id LIMIT {MOST} FOR UPDATE OF h SKIP LOCKED"),
        {"stream": stream, "at": at, **more},
    )
    return [Turn(**row) for row in rows.mappings()]


async def mark(tx: Tx, column: str, shift_ids: Sequence[int], now: datetime) -> None:
    """Note that people were told: `told_at`, `withdrawal_told_at` or `reminded_at`."""
    assert column in ("told_at", "withdrawal_told_at", "reminded_at")
    if shift_ids:
        await tx.execute(
            text(f"UPDATE shift SET {column} = :now WHERE id = ANY(:ids)"),  # noqa: S608  of three names
            {"now": now, "ids": list(shift_ids)},
        )
