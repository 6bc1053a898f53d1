"""What leave does to the roster: whoever is away is taken off, and put back when he comes after all."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.leave.tables import Leave
from app.duty.roster.actions.changes import apply_override, settle_change
from app.duty.roster.actions.settle import Settled
from app.duty.roster.store import plans, shifts
from app.duty.roster.tables import RosterOverride
from app.org.rules.access import Viewer


async def take_off(tx: Tx, by: Viewer, leave: Leave, now: datetime, zone: ZoneInfo) -> list[Settled]:
    """Take a person off every shift that touches the leave; the gaps are the coverage watch's to tell."""
    settled = []
    start = max(leave.starts_at, now)
    for shift in await shifts.of_person(tx, leave.stream, leave.person_id, start, leave.ends_at):
        post = await duty.locked(tx, leave.stream, shift.post_id)
        assert post is not None
        row = RosterOverride(
            stream=leave.stream,
            seat_id=shift.seat_id,
            starts_at=max(shift.starts_at, start),
            ends_at=min(shift.ends_at, leave.ends_at),
            remove_person_id=leave.person_id,
            kind="leave",
            leave_id=leave.id,
            reason=leave.reason or leave.kind,
            made_by=by.name,
            made_at=now,
        )
        settled.append(await apply_override(tx, post, row, now, zone))
    return settled


async def put_back(tx: Tx, by: Viewer, leave: Leave, now: datetime, zone: ZoneInfo) -> list[Settled]:
    """Undo what the leave did to the roster, from now on. Raises DoubleBooked."""
    assert leave.id is not None
    settled = []
    for row in await plans.overrides_of_leave(tx, leave.id):
        post_id = await duty.post_of_seat(tx, row.seat_id)
        post = await duty.locked(tx, leave.stream, post_id or 0)
        assert post is not None
        row.revoked_at, row.revoked_by = now, by.name
        await tx.flush()
        if row.ends_at > now:
            settled.append(await settle_change(tx, post, row, now, zone))
    return settled
