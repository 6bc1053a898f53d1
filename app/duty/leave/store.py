"""Every SQL statement about leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.leave.facts import LeaveFact
from app.duty.leave.tables import Leave

_FACT = """
SELECT l.id, l.person_id, p.name_zh AS person_name, p.region_code, l.kind, l.starts_at, l.ends_at, l.reason,
       l.place, l.in_area, l.state, l.asked_by, l.asked_at, l.decided_by, l.decided_at, l.remark
  FROM leave l JOIN person p ON p.id = l.person_id
"""


async def fact(tx: Tx, leave_id: int) -> LeaveFact:
    """Return one leave."""
    rows = await tx.execute(text(_FACT + " WHERE l.id = :id"), {"id": leave_id})
    return LeaveFact(**rows.mappings().one())


async def approved(
    tx: Tx, person_ids: Sequence[int], start: datetime, end: datetime
) -> dict[int, list[LeaveFact]]:
    """Return the approved leave of these persons that touches a span, by person."""
    rows = await tx.execute(
        text(
            _FACT + " WHERE l.person_id = ANY(:persons) AND l.state = 'approved'"
            " AND tstzrange(l.starts_at, l.ends_at) && tstzrange(:start, :end) ORDER BY l.starts_at"
        ),
        {"persons": list(person_ids), "start": start, "end": end},
    )
    found: dict[int, list[LeaveFact]] = {}
    for row in rows.mappings():
        found.setdefault(row["person_id"], []).append(LeaveFact(**row))
    return found


async def listed(
    tx: Tx, stream: str, scope: str, person_id: int | None, start: datetime, end: datetime
) -> list[LeaveFact]:
    """Return the leave of a scope's people, and one's own, that touches a span."""
    rows = await tx.execute(
        text(
            _FACT + " WHERE l.stream = :stream AND (p.region_code LIKE :scope || '%' OR l.person_id = :me)"
            " AND tstzrange(l.starts_at, l.ends_at) && tstzrange(:start, :end) ORDER BY l.starts_at, l.id"
        ),
        {"stream": stream, "scope": scope, "me": person_id, "start": start, "end": end},
    )
    return [LeaveFact(**row) for row in rows.mappings()]


async def locked(tx: Tx, stream: str, leave_id: int) -> Leave | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(Leave).where(col(Leave.id) == leave_id, col(Leave.stream) == stream).with_for_update()
    )
    return found.scalar_one_or_none()


async def lock_persons(tx: Tx, person_ids: Sequence[int]) -> None:
    """Let whoever plans these persons, or lets them go, take turns until commit.

    Taken after the locks of all posts concerned, never before: so nobody waits in a ring.
    """
    await tx.execute(
        text(
            "SELECT pg_advisory_xact_lock(hashtext('duty of a person'), one.key)"
            "  FROM (SELECT DISTINCT hashint8(id) AS key FROM unnest(CAST(:ids AS bigint[])) AS id"
            "         ORDER BY key) one"
        ),
        {"ids": list(person_ids)},
    )


async def region_of(tx: Tx, stream: str, person_id: int) -> str | None:
    """Return where a person of the county belongs."""
    found = await tx.scalar(
        text("SELECT region_code FROM person WHERE id = :id AND region_code LIKE :stream || '%'"),
        {"id": person_id, "stream": stream},
    )
    return None if found is None else str(found)
