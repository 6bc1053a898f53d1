"""Every SQL statement about presence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import col, select

from app.db import Tx
from app.duty.presence.facts import AttendanceFact, GapFact, LeaderCallFact
from app.duty.presence.tables import Attendance, CoverageGap

_ATTENDANCE = """
SELECT a.id, a.post_id, a.seat_id, s.role, a.shift_id, a.person_id, p.name_zh AS person_name, a.arrived_at,
       a.means, a.away_m, a.late_min, a.left_at, a.before_relief, a.overtime_min, a.note, a.noted_by
  FROM attendance a JOIN duty_seat s ON s.id = a.seat_id JOIN person p ON p.id = a.person_id
"""
_GAP = """
SELECT g.id, g.post_id, o.name_zh AS post_name, g.seat_id, s.role, g.kind, g.person_id,
       coalesce(p.name_zh, '') AS person_name, g.starts_at, g.ends_at, g.missing, g.stage, g.noticed_at,
       g.filled_at, g.minutes
  FROM coverage_gap g JOIN duty_post o ON o.id = g.post_id JOIN duty_seat s ON s.id = g.seat_id
  LEFT JOIN person p ON p.id = g.person_id
"""
_WATCHED = """
SELECT h.seat_id, h.person_id, h.starts_at, h.ends_at FROM shift h
 WHERE h.stream = :stream AND h.state = 'planned'
   AND tstzrange(h.starts_at, h.ends_at) && tstzrange(:start, :end)
"""


async def attendance(tx: Tx, attendance_id: int) -> AttendanceFact:
    """Return one attendance."""
    rows = await tx.execute(text(_ATTENDANCE + " WHERE a.id = :id"), {"id": attendance_id})
    return AttendanceFact(**rows.mappings().one())


async def of_post(tx: Tx, post_id: int, start: datetime, end: datetime) -> list[AttendanceFact]:
    """Return who was at a post within a span, in the order of coming."""
    rows = await tx.execute(
        text(
            _ATTENDANCE + " WHERE a.post_id = :post AND a.arrived_at < :end"
            " AND (a.left_at IS NULL OR a.left_at > :start) ORDER BY a.arrived_at, a.id"
        ),
        {"post": post_id, "start": start, "end": end},
    )
    return [AttendanceFact(**row) for row in rows.mappings()]


async def open_of(tx: Tx, person_id: int) -> Attendance | None:
    """Return the attendance of a person who is at a post now, locked."""
    found = await tx.execute(
        select(Attendance)
        .where(col(Attendance.person_id) == person_id, col(Attendance.left_at).is_(None))
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def post_of(tx: Tx, person_id: int) -> int | None:
    """Return the post at which a person is now."""
    found = await tx.scalar(
        select(Attendance.post_id).where(
            col(Attendance.person_id) == person_id, col(Attendance.left_at).is_(None)
        )
    )
    return None if found is None else int(found)


async def there(tx: Tx, seat_id: int) -> list[int]:
    """Return the persons who are at a seat now."""
    rows = await tx.execute(
        text("SELECT person_id FROM attendance WHERE seat_id = :seat AND left_at IS NULL"), {"seat": seat_id}
    )
    return [row.person_id for row in rows]


async def silent(tx: Tx, stream: str, since: datetime) -> list[Attendance]:
    """Return who came by telephone, gave no sign since an instant and was not asked for one, locked.

    Who is coming or going at this instant is passed over: the next look sees him.
    """
    found = await tx.execute(
        select(Attendance)
        .where(
            col(Attendance.stream) == stream,
            col(Attendance.left_at).is_(None),
            col(Attendance.means) == "phone",
            col(Attendance.last_seen_at) <= since,
            col(Attendance.prompted_at).is_(None),
        )
        .order_by("id")
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    return list(found.scalars())


async def seats_watched(tx: Tx, stream: str) -> Sequence[Row[Any]]:
    """Return (seat_id, post_id, needed, days, watched) of every seat; watched where presence is kept."""
    rows = await tx.execute(
        text(
            "SELECT s.id AS seat_id, s.post_id, s.needed, s.days,"
            " o.keeps_presence AND s.mode = 'on_site' AS watched"
            "  FROM duty_seat s JOIN duty_post o ON o.id = s.post_id"
            " WHERE o.region_code LIKE :stream || '%' ORDER BY s.id"
        ),
        {"stream": stream},
    )
    return rows.all()


async def shifts_around(tx: Tx, stream: str, start: datetime, end: datetime) -> Sequence[Row[Any]]:
    """Return (seat_id, person_id, starts_at, ends_at) of every planned shift that touches a span."""
    rows = await tx.execute(text(_WATCHED), {"stream": stream, "start": start, "end": end})
    return rows.all()


async def comings_and_goings(tx: Tx, stream: str, since: datetime) -> Sequence[Row[Any]]:
    """Return (seat_id, person_id, left_at) of who is at a post or left one since an instant."""
    rows = await tx.execute(
        text(
            "SELECT seat_id, person_id, left_at FROM attendance"
            " WHERE stream = :stream AND (left_at IS NULL OR left_at >= :since)"
        ),
        {"stream": stream, "since": since},
    )
    return rows.all()


async def open_gaps(tx: Tx, stream: str) -> list[CoverageGap]:
    """Return the gaps that are not filled, locked, so that one node at a time tells of them."""
    found = await tx.execute(
        select(CoverageGap)
        .where(col(CoverageGap.stream) == stream, col(CoverageGap.filled_at).is_(None))
        .order_by("id")
        .with_for_update()
    )
    return list(found.scalars())


async def filled_again(
    tx: Tx, seat_id: int, kind: str, starts_at: datetime, person_id: int
) -> CoverageGap | None:
    """Return a gap of the same beginning that was filled once and is open again, locked."""
    found = await tx.execute(
        select(CoverageGap)
        .where(
            col(CoverageGap.seat_id) == seat_id,
            col(CoverageGap.kind) == kind,
            col(CoverageGap.starts_at) == starts_at,
            col(CoverageGap.person_id) == person_id,
        )
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def gap(tx: Tx, gap_id: int) -> GapFact | None:
    """Return one gap."""
    rows = await tx.execute(text(_GAP + " WHERE g.id = :id"), {"id": gap_id})
    row = rows.mappings().first()
    return GapFact(**row) if row else None


async def gaps(
    tx: Tx, stream: str, scope: str, since: datetime, *, only_open: bool, limit: int
) -> list[GapFact]:
    """Return the gaps of a scope that end after an instant, the next first."""
    rows = await tx.execute(
        text(
            _GAP + " WHERE g.stream = :stream AND o.region_code LIKE :scope || '%' AND g.ends_at > :since"
            " AND (NOT :only_open OR g.filled_at IS NULL) ORDER BY g.starts_at, g.id LIMIT :limit"
        ),
        {"stream": stream, "scope": scope, "since": since, "only_open": only_open, "limit": limit},
    )
    return [GapFact(**row) for row in rows.mappings()]


async def leader_calls(tx: Tx, shift_id: int) -> list[LeaderCallFact]:
    """Return the calls to the leader of a shift, with how many in a row were in vain at each."""
    rows = await tx.execute(
        text(
            "SELECT c.id, c.post_id, c.shift_id, c.person_id, p.name_zh AS person_name, c.called_at,"
            " c.answered, c.note, c.noted_by FROM leader_call c JOIN person p ON p.id = c.person_id"
            " WHERE c.shift_id = :shift ORDER BY c.id"
        ),
        {"shift": shift_id},
    )
    found, in_vain = [], 0
    for row in rows.mappings():
        in_vain = 0 if row["answered"] else in_vain + 1
        found.append(LeaderCallFact(**row, in_vain=in_vain))
    return found


async def colleagues(tx: Tx, post_id: int, seat_id: int, at: datetime) -> Sequence[Row[Any]]:
    """Return (id, name, phone, reserve, deputy) of the people of a post's unit: whoever may be asked.

    Who was taken off this seat then is not asked: adding him would change nothing.
    `reserve`: on reserve duty (备班) of this post then; `deputy`: the place in the seat's list of deputies.
    """
    rows = await tx.execute(
        text(
            """
            SELECT p.id, p.name_zh AS name, coalesce(p.phones[1], '') AS phone,
                   EXISTS (SELECT 1 FROM shift h JOIN duty_seat r ON r.id = h.seat_id
                            WHERE r.post_id = o.id AND r.role = 'reserve_duty' AND h.person_id = p.id
                              AND h.state = 'planned'
                              AND tstzrange(h.starts_at, h.ends_at) @> CAST(:at AS timestamptz)) AS reserve,
                   array_position(s.deputies, p.id) AS deputy
              FROM duty_post o JOIN duty_seat s ON s.id = :seat JOIN person p ON p.unit_id = o.unit_id
             WHERE o.id = :post AND p.active
               AND NOT EXISTS (SELECT 1 FROM roster_override x
                                WHERE x.seat_id = s.id AND x.remove_person_id = p.id AND x.revoked_at IS NULL
                                  AND tstzrange(x.starts_at, x.ends_at) @> CAST(:at AS timestamptz))
             ORDER BY p.id LIMIT 500
            """
        ),
        {"post": post_id, "seat": seat_id, "at": at},
    )
    return rows.all()


async def hours_between(
    tx: Tx, person_ids: Sequence[int], start: datetime, end: datetime
) -> dict[int, float]:
    """Return the planned hours of these persons that begin within a span."""
    rows = await tx.execute(
        text(
            "SELECT person_id, sum(extract(epoch FROM ends_at - starts_at)) / 3600 AS hours FROM shift"
            " WHERE person_id = ANY(:ids) AND state = 'planned' AND starts_at >= :start AND starts_at < :end"
            " GROUP BY person_id"
        ),
        {"ids": list(person_ids), "start": start, "end": end},
    )
    return {row.person_id: float(row.hours) for row in rows}


async def who_lead(tx: Tx, seat_id: int, since: datetime) -> set[int]:
    """Return who may hold a leader's seat: its deputies, those in its rotations, who held it since."""
    rows = await tx.execute(
        text(
            """
            SELECT unnest(deputies) AS person_id FROM duty_seat WHERE id = :seat
             UNION
            SELECT person_id FROM shift WHERE seat_id = :seat AND state = 'planned' AND starts_at >= :since
             UNION
            SELECT CAST(p.value AS bigint)
              FROM seat_rotation r, jsonb_array_elements(r.groups) g, jsonb_array_elements_text(g.value) p
             WHERE r.seat_id = :seat AND r.ended_at IS NULL
            """
        ),
        {"seat": seat_id, "since": since},
    )
    return {row.person_id for row in rows}
