"""People come and go while a desk is handed over (domain/rules B7 R8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.db import Tx
from app.desk.handover.actions.guard import concern_of, sheet_of
from app.desk.handover.actions.refusals import DeskWouldBeEmpty, MovedAlready
from app.desk.handover.commands import MoveIn
from app.desk.handover.events import HandoverMemberMoved
from app.desk.handover.facts import MemberFact
from app.desk.handover.rules.team import leaves_it_empty, minutes_late, overtime_min
from app.desk.handover.store import sheets
from app.desk.handover.store.sheets import as_member
from app.desk.handover.tables import Handover, HandoverMember
from app.duty import store as duty
from app.duty.roster.store import shifts
from app.duty.tables import DutyPost
from app.journal import store as journal
from app.org.rules.access import Viewer, actor
from app.refusals import NotFound


async def arrive(tx: Tx, by: Viewer, handover_id: int, told: MoveIn, now: datetime) -> MemberFact:
    """Note that somebody of the incoming team is here; late by how much. Raises MovedAlready, NotFound."""
    row, post = await sheet_of(tx, by, handover_id)
    member = await _member(tx, handover_id, told.person_id, "incoming")
    if member.arrived_at is not None:
        raise MovedAlready
    member.remark = told.reason
    return await _arrived(tx, by, row, post, member, now)


async def _arrived(
    tx: Tx, by: Viewer, row: Handover, post: DutyPost, member: HandoverMember, now: datetime
) -> MemberFact:
    member.arrived_at, member.late_min = now, minutes_late(as_member(member), now)
    type_ = "handover.late" if member.late_min else "handover.arrived"
    return await _tell(tx, by, row, post, member, type_, now)


async def also_arrived(tx: Tx, by: Viewer, post_id: int, person_id: int, now: datetime) -> None:
    """Tick the arrival of somebody who checked in, on the sheet that lies open at the post, if any."""
    post = await duty.locked(tx, by.stream, post_id)
    row = await sheets.open_of_post(tx, post_id)
    if post is None or row is None or row.id is None:
        return
    for member in await sheets.member_rows(tx, row.id):
        if (member.person_id, member.side, member.arrived_at) == (person_id, "incoming", None):
            await _arrived(tx, by, row, post, member, now)


async def leave(tx: Tx, by: Viewer, handover_id: int, told: MoveIn, now: datetime) -> MemberFact:
    """Let somebody of the outgoing team go; what he stayed beyond his shift is counted.

    Raises DeskWouldBeEmpty while his seat would be short of people: before the signatures always, after
    them unless a reason is given, and then it is written down (LEFT_BEFORE_RELIEF). MovedAlready, NotFound.
    """
    row, post = await sheet_of(tx, by, handover_id)
    member = await _member(tx, handover_id, told.person_id, "outgoing")
    if member.left_at is not None:
        raise MovedAlready
    short = await _short_without(tx, row, member, now)
    if short and not (row.state == "completed" and told.reason):
        raise DeskWouldBeEmpty
    member.left_at, member.overtime_min = now, overtime_min(as_member(member), now)
    member.left_before_relief, member.remark = short, told.reason
    return await _tell(tx, by, row, post, member, "handover.left", now)


async def _member(tx: Tx, handover_id: int, person_id: int, side: str) -> HandoverMember:
    for member in await sheets.member_rows(tx, handover_id):
        if member.person_id == person_id and member.side == side:
            return member
    raise NotFound("此人", "person in this team")


async def _short_without(tx: Tx, row: Handover, member: HandoverMember, now: datetime) -> bool:
    """Whether the member's seat would be short; whoever sits on through the change counts."""
    rows = await sheets.member_rows(tx, member.handover_id)
    of_handover = {other.person_id for other in rows}
    staying = [s for s in await shifts.at(tx, [row.post_id], now) if s.person_id not in of_handover]
    needed = {
        seat.id: seat.needed - _count(staying_seats=[s.seat_id for s in staying], seat_id=seat.id)
        for seat in await duty.seat_rows(tx, row.post_id)
        if seat.id is not None and seat.mode == "on_site"
    }
    return leaves_it_empty(as_member(member), [as_member(other) for other in rows], needed)


def _count(staying_seats: Sequence[int], seat_id: int) -> int:
    return list(staying_seats).count(seat_id)


async def _tell(
    tx: Tx, by: Viewer, row: Handover, post: DutyPost, member: HandoverMember, type_: str, now: datetime
) -> MemberFact:
    await tx.flush()
    (fact,) = [m for m in await sheets.members(tx, member.handover_id) if m.person_id == member.person_id]
    event = HandoverMemberMoved(type=type_, handover_id=member.handover_id, post_id=row.post_id, member=fact)
    await journal.append(tx, row.stream, now, [journal.Entry(event, concern_of(post))], actor(by))
    return fact
