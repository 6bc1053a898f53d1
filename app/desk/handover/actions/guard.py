"""What every action of a hand-over asks first: which desk, which sheet, who acts."""

from __future__ import annotations

from app.db import Tx
from app.desk.handover.actions.refusals import HandoverOver, NotReceiver
from app.desk.handover.facts import HandoverHead, MemberFact
from app.desk.handover.store import sheets
from app.desk.handover.tables import Handover
from app.duty import store as duty
from app.duty.tables import DutyPost
from app.org.rules.access import Concern, Viewer, require
from app.refusals import NotFound


async def post_of(tx: Tx, by: Viewer, post_id: int) -> DutyPost:
    """Return a post of this person's scope, locked. Raises NotFound, NotPermitted."""
    require(by, "command")
    post = await duty.locked(tx, by.stream, post_id)
    if post is None or not sees(by, post):
        raise NotFound("该值班岗位", "duty post")
    return post


def sees(by: Viewer, post: DutyPost) -> bool:
    """Whether a person may see a desk's sheets: the centre's name what is need-to-know."""
    return by.covers(post.region_code) and (post.kind != "centre" or by.may("see_restricted"))


def concern_of(post: DutyPost) -> Concern:
    """Return whom a desk's hand-over concerns."""
    return Concern((post.region_code,), restricted=post.kind == "centre")


async def sheet_for_work(tx: Tx, by: Viewer, handover_id: int) -> tuple[Handover, DutyPost]:
    """Return an open sheet of this person's scope, locked. Raises HandoverOver, NotFound, NotPermitted."""
    row, post = await sheet_of(tx, by, handover_id)
    if row.state != "open":
        raise HandoverOver
    return row, post


async def sheet_of(tx: Tx, by: Viewer, handover_id: int) -> tuple[Handover, DutyPost]:
    """Return a sheet of this person's scope, locked, signed or not. Raises NotFound, NotPermitted."""
    require(by, "command")
    row = await sheets.locked(tx, by.stream, handover_id)
    post = await duty.locked(tx, by.stream, row.post_id) if row else None
    if row is None or post is None or not sees(by, post):
        raise NotFound("该交接单", "hand-over")
    return row, post


async def member_acting(tx: Tx, by: Viewer, row: Handover, named: int | None) -> MemberFact:
    """Return who of the incoming team acts: the account's own person, or the one named.

    Members of the two teams act for themselves only; at the account of somebody else (or of nobody) who
    takes over is named. Raises NotReceiver for anybody else, and for one who is not here.
    """
    assert row.id is not None
    members = await sheets.members(tx, row.id)
    own = any(member.person_id == by.person_id for member in members)
    acting = by.person_id if own else named
    if named is not None and named != acting:
        raise NotReceiver
    for member in members:
        here = member.arrived_at is not None and member.left_at is None
        if member.person_id == acting and member.side == "incoming" and here:
            return member
    raise NotReceiver


async def head_of(tx: Tx, row: Handover) -> HandoverHead:
    """Return the sheet without its items, as it stands in this transaction."""
    await tx.flush()
    assert row.id is not None
    head = await sheets.head(tx, row.stream, row.id)
    assert head is not None
    return head
