"""Matters written down by hand, handed on from shift to shift until somebody closes them."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.desk.handover.actions.guard import concern_of, post_of
from app.desk.handover.commands import MatterCloseIn, MatterIn
from app.desk.handover.events import MatterChanged, MatterDue
from app.desk.handover.facts import MatterFact
from app.desk.handover.store import matters
from app.desk.handover.tables import DeskMatter
from app.duty import store as duty
from app.duty.ownership.store import owner_at
from app.duty.tables import DutyPost
from app.journal import store as journal
from app.org.rules.access import Viewer, actor
from app.refusals import NotFound, Refusal


class MatterClosed(Refusal):
    """It is closed already."""

    code = "matter_closed"

    def __init__(self) -> None:
        super().__init__("该事项已经办结", "this matter is closed already")


async def write_down(tx: Tx, by: Viewer, post_id: int, told: MatterIn, now: datetime) -> MatterFact:
    """Write down a matter of a desk. Raises NotFound, NotPermitted."""
    post = await post_of(tx, by, post_id)
    row = DeskMatter(stream=by.stream, post_id=post_id, **told.model_dump(), made_by=by.name, made_at=now)
    tx.add(row)
    return await _tell(tx, by, post, row, now)


async def close(tx: Tx, by: Viewer, matter_id: int, told: MatterCloseIn, now: datetime) -> MatterFact:
    """Close a matter, saying how it ended. Raises MatterClosed, NotFound, NotPermitted."""
    row = await matters.locked_matter(tx, by.stream, matter_id)
    if row is None:
        raise NotFound("该事项", "matter")
    post = await post_of(tx, by, row.post_id)
    if row.closed_at is not None:
        raise MatterClosed
    row.closed_by, row.closed_at, row.outcome = by.name, now, told.outcome
    return await _tell(tx, by, post, row, now)


async def ring_due(tx: Tx, stream: str, now: datetime) -> int:
    """Tell of the matters that have fallen due, each once and to who owns its desk now; return how many."""
    entries = []
    for row in await matters.falling_due(tx, stream, now):
        assert row.id is not None
        row.due_told_at = now
        fact = await matters.matter_fact(tx, row.id)
        event = MatterDue(type="handover.matter_due", matter=fact, owner=await owner_at(tx, row.post_id, now))
        post = await duty.row(tx, stream, row.post_id)
        assert post is not None
        entries.append(journal.Entry(event, concern_of(post)))
    if entries:
        await journal.append(tx, stream, now, entries)
    return len(entries)


async def _tell(tx: Tx, by: Viewer, post: DutyPost, row: DeskMatter, now: datetime) -> MatterFact:
    await tx.flush()
    assert row.id is not None
    fact = await matters.matter_fact(tx, row.id)
    type_ = "handover.matter_closed" if row.closed_at is not None else "handover.matter_added"
    event = MatterChanged(type=type_, matter=fact)
    await journal.append(tx, row.stream, now, [journal.Entry(event, concern_of(post))], actor(by))
    return fact
