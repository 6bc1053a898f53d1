"""Every SQL statement about what shifts are made of: months, rotations, overrides, temporary schedules."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.roster.facts import OverrideFact, PersonAtPost, TemporaryFact
from app.duty.roster.tables import RosterMonth, RosterOverride, SeatRotation, TemporarySchedule
from app.duty.tables import DutySeat

_PEOPLE = """
SELECT p.id, p.name_zh AS name, p.post, coalesce(p.phones[1], '') AS phone,
       coalesce(p.unit_id = o.unit_id, false) AS member
  FROM duty_post o JOIN person p ON p.unit_id = o.unit_id
    OR p.id IN (SELECT h.person_id FROM shift h
                 WHERE h.post_id = o.id AND h.state = 'planned' AND h.ends_at > :since)
    OR p.id IN (SELECT CAST(c->>1 AS bigint)
                  FROM roster_month m, jsonb_array_elements(coalesce(m.draft, '[]')) c WHERE m.post_id = o.id)
 WHERE o.id = :post ORDER BY member DESC, p.id LIMIT 1000
"""


async def people(tx: Tx, post_id: int, since: datetime) -> list[PersonAtPost]:
    """Return the people of a post's unit, then whoever else is planned there from an instant on."""
    rows = await tx.execute(text(_PEOPLE), {"post": post_id, "since": since})
    return [PersonAtPost(**row) for row in rows.mappings()]


async def month(tx: Tx, post_id: int, first_day: date) -> RosterMonth:
    """Return the month of a post; one that nobody worked on yet is empty and not stored."""
    found = await tx.get(RosterMonth, (post_id, first_day))
    return found or RosterMonth(post_id=post_id, month=first_day)


async def months_between(tx: Tx, post_id: int, first: date, last: date) -> list[RosterMonth]:
    """Return the months of a post from one first day to another."""
    found = await tx.execute(
        select(RosterMonth).where(
            col(RosterMonth.post_id) == post_id, col(RosterMonth.month).between(first, last)
        )
    )
    return list(found.scalars())


async def rotations(tx: Tx, seat_ids: Sequence[int]) -> list[SeatRotation]:
    """Return the rotations that hold at these seats."""
    found = await tx.execute(
        select(SeatRotation)
        .where(col(SeatRotation.seat_id).in_(seat_ids), col(SeatRotation.ended_at).is_(None))
        .order_by("id")
    )
    return list(found.scalars())


async def overrides_touching(
    tx: Tx, seat_ids: Sequence[int], start: datetime, end: datetime
) -> list[RosterOverride]:
    """Return the overrides that hold at these seats within a span, in the order they were made."""
    found = await tx.execute(
        select(RosterOverride)
        .where(
            col(RosterOverride.seat_id).in_(seat_ids),
            col(RosterOverride.revoked_at).is_(None),
            col(RosterOverride.starts_at) < end,
            col(RosterOverride.ends_at) > start,
        )
        .order_by("id")
    )
    return list(found.scalars())


async def temporaries_touching(
    tx: Tx, seat_ids: Sequence[int], start: datetime, end: datetime
) -> list[TemporarySchedule]:
    """Return the temporary schedules that hold at these seats within a span."""
    found = await tx.execute(
        select(TemporarySchedule)
        .where(
            col(TemporarySchedule.seat_id).in_(seat_ids),
            col(TemporarySchedule.revoked_at).is_(None),
            col(TemporarySchedule.starts_at) < end,
            col(TemporarySchedule.ends_at) > start,
        )
        .order_by("id")
    )
    return list(found.scalars())


async def overrides_of_leave(tx: Tx, leave_id: int) -> list[RosterOverride]:
    """Return the changes of the roster that a leave made and that hold, locked."""
    found = await tx.execute(
        select(RosterOverride)
        .where(col(RosterOverride.leave_id) == leave_id, col(RosterOverride.revoked_at).is_(None))
        .order_by("id")
        .with_for_update()
    )
    return list(found.scalars())


async def posts_of_leave(tx: Tx, leave_id: int) -> list[int]:
    """Return the posts whose roster a leave has changed."""
    found = await tx.execute(
        select(DutySeat.post_id)
        .join(RosterOverride, col(RosterOverride.seat_id) == col(DutySeat.id))
        .where(col(RosterOverride.leave_id) == leave_id, col(RosterOverride.revoked_at).is_(None))
        .distinct()
    )
    return list(found.scalars())


async def override(tx: Tx, stream: str, override_id: int) -> RosterOverride | None:
    """Return an override of the county, locked."""
    found = await tx.execute(
        select(RosterOverride)
        .where(col(RosterOverride.id) == override_id, col(RosterOverride.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def temporary(tx: Tx, stream: str, temporary_id: int) -> TemporarySchedule | None:
    """Return a temporary schedule of the county, locked."""
    found = await tx.execute(
        select(TemporarySchedule)
        .where(col(TemporarySchedule.id) == temporary_id, col(TemporarySchedule.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def changes_of_post(
    tx: Tx, post_id: int, start: datetime, end: datetime
) -> tuple[list[OverrideFact], list[TemporaryFact]]:
    """Return the overrides and temporary schedules of a post that touch a span, revoked ones too."""
    seats = select(DutySeat.id).where(col(DutySeat.post_id) == post_id)
    overrides = await tx.execute(
        select(RosterOverride)
        .where(
            col(RosterOverride.seat_id).in_(seats),
            col(RosterOverride.starts_at) < end,
            col(RosterOverride.ends_at) > start,
        )
        .order_by("id")
    )
    temporaries = await tx.execute(
        select(TemporarySchedule)
        .where(
            col(TemporarySchedule.seat_id).in_(seats),
            col(TemporarySchedule.starts_at) < end,
            col(TemporarySchedule.ends_at) > start,
        )
        .order_by("id")
    )
    return (
        [override_fact(row, post_id) for row in overrides.scalars()],
        [temporary_fact(row, post_id) for row in temporaries.scalars()],
    )


def override_fact(row: RosterOverride, post_id: int) -> OverrideFact:
    """Return the shape of an override."""
    return OverrideFact(**row.model_dump(exclude={"stream", "swap_id", "leave_id"}), post_id=post_id)


def temporary_fact(row: TemporarySchedule, post_id: int) -> TemporaryFact:
    """Return the shape of a temporary schedule."""
    shifts = [
        {"seat_id": row.seat_id, "person_id": person, "starts_at": start, "ends_at": end}
        for person, start, end in row.shifts
    ]
    return TemporaryFact.model_validate(
        {**row.model_dump(exclude={"stream", "shifts"}), "post_id": post_id, "shifts": shifts}
    )


async def within_reach(
    tx: Tx, stream: str, scope: str, unit_id: int, person_ids: Sequence[int], *, serving: bool
) -> set[int]:
    """Return those of these persons whom a planner of this scope may put on a desk of this unit.

    They are of the planner's own places or of the unit itself; with `serving` only who has not left.
    """
    rows = await tx.execute(
        text(
            "SELECT id FROM person WHERE id = ANY(:ids) AND (active OR NOT :serving)"
            " AND region_code LIKE :stream || '%' AND (region_code LIKE :scope || '%' OR unit_id = :unit)"
        ),
        {"ids": list(person_ids), "stream": stream, "scope": scope, "unit": unit_id, "serving": serving},
    )
    return {row.id for row in rows}


async def departed(tx: Tx, person_ids: Sequence[int]) -> set[int]:
    """Return those of these persons who have left."""
    rows = await tx.execute(
        text("SELECT id FROM person WHERE id = ANY(:ids) AND NOT active"), {"ids": list(person_ids)}
    )
    return {row.id for row in rows}


async def qualifications(tx: Tx, person_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Return what these persons have been trained for."""
    rows = await tx.execute(
        text("SELECT id, qualifications FROM person WHERE id = ANY(:ids)"), {"ids": list(person_ids)}
    )
    return {row.id: frozenset(row.qualifications) for row in rows}


async def persons(tx: Tx, stream: str, person_ids: Sequence[int]) -> dict[int, tuple[str, int | None]]:
    """Return name and unit of the persons of the county among these numbers."""
    rows = await tx.execute(
        text(
            "SELECT id, name_zh, unit_id FROM person WHERE id = ANY(:ids) AND region_code LIKE :stream || '%'"
        ),
        {"ids": list(person_ids), "stream": stream},
    )
    return {row.id: (row.name_zh, row.unit_id) for row in rows}
