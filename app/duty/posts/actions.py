"""Set a post: its lines and place, its seats, who takes turns on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.posts.commands import PostPatch, SeatsIn
from app.duty.posts.events import PostSet
from app.duty.posts.facts import PostSettings, RotationFact, WindowFact
from app.duty.roster.actions.changes import require_persons
from app.duty.roster.actions.post import concern, month_of, post_for_planning, seat_of
from app.duty.roster.commands import LONGEST, MOST_CELLS, RotationIn
from app.duty.roster.facts import CellFact
from app.duty.roster.rotations import rotation_of, shifts_of, windows_of
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.resolve import FixedShift
from app.duty.roster.store import plans
from app.duty.roster.tables import SeatRotation
from app.duty.tables import DutyPost, DutySeat
from app.journal import store as journal
from app.org.rules.access import Viewer, actor
from app.refusals import FieldFault, InvalidInput, NotFound

PREVIEWED = timedelta(days=14)
_Type = Literal["roster.post_set", "roster.seats_set", "roster.rotation_set", "roster.rotation_ended"]


async def amend(tx: Tx, by: Viewer, post_id: int, told: PostPatch, now: datetime) -> PostSettings:
    """Change a post. Raises NotFound, NotPermitted."""
    post = await post_for_planning(tx, by, post_id)
    for name, value in told.model_dump(exclude_unset=True).items():
        if value is not None or name in {"lon", "lat"}:
            setattr(post, name, value)
    return await _tell(tx, by, post, "roster.post_set", now)


async def set_seats(tx: Tx, by: Viewer, post_id: int, told: SeatsIn, now: datetime) -> PostSettings:
    """Set all seats of a post. Raises NotFound, NotPermitted, InvalidInput for a deputy who is nobody."""
    post = await post_for_planning(tx, by, post_id)
    await require_persons(tx, by, post, [person for seat in told.seats for person in seat.deputies])
    rows = {row.role: row for row in await duty.seat_rows(tx, post_id)}
    for ordinal, seat in enumerate(told.seats):
        row = rows.pop(seat.role, None) or DutySeat(post_id=post_id, role=seat.role)
        row.needed, row.mode, row.days = seat.needed, seat.mode, seat.days
        row.qualification, row.deputies, row.ordinal = seat.qualification, seat.deputies, ordinal
        tx.add(row)
    for ordinal, row in enumerate(rows.values(), start=len(told.seats)):
        row.needed, row.ordinal = 0, ordinal  # shifts may hang on it: it stays, and needs nobody
    return await _tell(tx, by, post, "roster.seats_set", now)


async def add_rotation(
    tx: Tx, by: Viewer, post_id: int, told: RotationIn, now: datetime, zone: ZoneInfo
) -> PostSettings:
    """Let groups take turns at a seat. Raises InvalidInput for a rotation in which nobody is ever due."""
    post = await post_for_planning(tx, by, post_id)
    tx.add(await _rotation_row(tx, by, post, told, now, zone))
    return await _tell(tx, by, post, "roster.rotation_set", now)


async def preview_rotation(
    tx: Tx, by: Viewer, post_id: int, told: RotationIn, now: datetime, zone: ZoneInfo
) -> list[CellFact]:
    """Return the shifts that would follow within 14 days of now, or of its start if that lies ahead.

    The same as drafts are filled with. The first 2,000. Raises as `add_rotation` does.
    """
    post = await post_for_planning(tx, by, post_id)
    row = await _rotation_row(tx, by, post, told, now, zone)
    start = max(now, told.starts_at)
    return [
        CellFact(
            seat_id=told.seat_id,
            person_id=shift.person,
            starts_at=shift.interval.start,
            ends_at=shift.interval.end,
        )
        for shift in islice(what_follows(row, Interval(start, start + PREVIEWED), zone), MOST_CELLS)
    ]


def what_follows(row: SeatRotation, span: Interval, zone: ZoneInfo) -> Iterator[FixedShift]:
    """Yield the shifts of a rotation that overlap a span, month by month as drafts are filled."""
    first = (span.start - LONGEST).astimezone(zone).date().replace(day=1)
    while (month := month_of(first, zone)).start < span.end:
        found = [shift for shift in shifts_of(row, month, zone) if shift.interval.overlaps(span)]
        yield from sorted(found, key=lambda shift: shift.interval)
        first = (first + timedelta(days=31)).replace(day=1)


async def _rotation_row(
    tx: Tx, by: Viewer, post: DutyPost, told: RotationIn, now: datetime, zone: ZoneInfo
) -> SeatRotation:
    """Return a rotation that is not stored yet. Raises InvalidInput when it cannot be one."""
    await seat_of(tx, post, told.seat_id)
    await require_persons(tx, by, post, sorted({person for group in told.groups for person in group}))
    row = SeatRotation(
        **told.model_dump(exclude={"windows"}),
        windows=[
            {"days": w.days, "start": w.start.isoformat(), "end": w.end.isoformat()} for w in told.windows
        ],
        made_by=by.name,
        made_at=now,
    )
    try:
        rotation_of(row, zone)
        windows_of(row)
    except ValueError as error:
        zh, _, en = str(error).partition(" / ")
        raise InvalidInput(FieldFault("groups", zh, en or zh)) from error
    return row


async def end_rotation(tx: Tx, by: Viewer, post_id: int, rotation_id: int, now: datetime) -> PostSettings:
    """Let a rotation propose nobody any more. What was published stays. Raises NotFound."""
    post = await post_for_planning(tx, by, post_id)
    seats = {row.id for row in await duty.seat_rows(tx, post_id)}
    row = await tx.get(SeatRotation, rotation_id)
    if row is None or row.seat_id not in seats or row.ended_at is not None:
        raise NotFound("该轮班", "rotation")
    row.ended_at = now
    return await _tell(tx, by, post, "roster.rotation_ended", now)


async def settings_of(tx: Tx, stream: str, post_id: int) -> PostSettings:
    """Return what is set of a post of the county."""
    (post,) = await duty.posts(tx, stream, stream, post_id)
    seats = (await duty.seats(tx, [post_id]))[post_id]
    rows = await plans.rotations(tx, [seat.id for seat in seats])
    return PostSettings(post=post, seats=seats, rotations=[_rotation(row) for row in rows])


def _rotation(row: SeatRotation) -> RotationFact:
    windows = [WindowFact.model_validate(window) for window in row.windows]
    return RotationFact.model_validate(
        {**row.model_dump(exclude={"windows", "ended_at"}), "windows": windows}
    )


async def _tell(tx: Tx, by: Viewer, post: DutyPost, type_: _Type, now: datetime) -> PostSettings:
    await tx.flush()
    assert post.id is not None
    settings = await settings_of(tx, by.stream, post.id)
    event = PostSet(type=type_, settings=settings)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern(post))], actor(by))
    return settings
