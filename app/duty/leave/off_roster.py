"""What leave does to the roster: whoever is away is taken off, and put back when he comes after all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.leave import store as leaves
from app.duty.leave.tables import Leave
from app.duty.roster.actions.changes import apply_override, settle_change
from app.duty.roster.actions.settle import Settled
from app.duty.roster.facts import ShiftFact
from app.duty.roster.store import plans, shifts
from app.duty.roster.tables import RosterOverride
from app.duty.tables import DutyPost
from app.org.rules.access import Viewer


@dataclass(frozen=True, slots=True)
class Moved:
    """A change of the roster that leave made or took back, at which post, and what came of it."""

    post: DutyPost
    row: RosterOverride
    settled: Settled


REASON = "请假 / on leave"


async def take_off(tx: Tx, by: Viewer, leave: Leave, now: datetime, zone: ZoneInfo) -> list[Moved]:
    """Take a person off every shift that touches the leave; the gaps are the coverage watch's to tell.

    Leave that is over when it is approved (a sick note handed in later) changes no roster.
    """
    start = max(leave.starts_at, now)
    if start >= leave.ends_at:
        return []
    moved = []
    posts: dict[int, DutyPost] = {}
    for shift in await _held(tx, leave, start, posts):
        post = posts[shift.post_id]
        row = RosterOverride(
            stream=leave.stream,
            seat_id=shift.seat_id,
            starts_at=max(shift.starts_at, start),
            ends_at=min(shift.ends_at, leave.ends_at),
            remove_person_id=leave.person_id,
            kind="leave",
            leave_id=leave.id,
            reason=REASON,  # why somebody is away is between him and his leader
            made_by=by.name,
            made_at=now,
        )
        moved.append(Moved(post, row, await apply_override(tx, post, row, now, zone)))
    return moved


async def put_back(tx: Tx, by: Viewer, leave: Leave, now: datetime, zone: ZoneInfo) -> list[Moved]:
    """Undo what the leave did to the roster, from now on. Raises DoubleBooked."""
    assert leave.id is not None
    moved = []
    posts = await _locked(tx, leave.stream, await plans.posts_of_leave(tx, leave.id))
    for row in await plans.overrides_of_leave(tx, leave.id):
        post = posts[await duty.post_of_seat(tx, row.seat_id) or 0]
        row.revoked_at, row.revoked_by = now, by.name
        await tx.flush()
        if row.ends_at > now:
            moved.append(Moved(post, row, await settle_change(tx, post, row, now, zone)))
    return moved


async def _held(tx: Tx, leave: Leave, start: datetime, posts: dict[int, DutyPost]) -> list[ShiftFact]:
    """Return the person's shifts as they are once their posts, put into `posts`, and the person are locked.

    A post that a roster published meanwhile adds is locked before the person: he is let go for that.
    """
    while True:
        async with tx.begin_nested() as glimpse:
            await leaves.lock_persons(tx, [leave.person_id])
            held = await shifts.of_person(tx, leave.stream, leave.person_id, start, leave.ends_at)
            missing = {shift.post_id for shift in held} - posts.keys()
            if not missing:
                return held
            await glimpse.rollback()  # what was locked since the savepoint is free again
        posts |= await _locked(tx, leave.stream, missing)


async def _locked(tx: Tx, stream: str, post_ids: Collection[int]) -> dict[int, DutyPost]:
    """Return posts by number, locked in the order in which everybody locks several: none waits in a ring."""
    found = {}
    for post_id in sorted(post_ids):
        post = await duty.locked(tx, stream, post_id)
        assert post is not None
        found[post_id] = post
    return found
