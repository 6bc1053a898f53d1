"""Enter something in the duty log; nothing else is ever done to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.db import Tx
from app.desk.log import store
from app.desk.log.book import stands_in_book
from app.desk.log.commands import EntryIn
from app.desk.log.events import LogEntered
from app.desk.log.facts import LogEntryFact
from app.desk.log.tables import LogEntry
from app.dispatch.store import incidents
from app.duty import store as duty
from app.duty.tables import DutyPost
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, may_see, require
from app.refusals import FieldFault, InvalidInput, NotFound

CLOCKS_DIFFER = timedelta(minutes=1)  # the desk's clock may be a little ahead of ours


async def enter(tx: Tx, by: Viewer, post_id: int, told: EntryIn, now: datetime) -> LogEntryFact:
    """Enter a line, or put an older one right by a new one. Raises NotFound, NotPermitted, InvalidInput."""
    require(by, "command")
    post = await duty.row(tx, by.stream, post_id)
    if post is None or not by.covers(post.region_code):
        raise NotFound("该值班岗位", "duty post")
    told_at = _minute(told.told_at or told.occurred_at or now)
    occurred_at = _minute(told.occurred_at or told_at)
    _require_order(occurred_at, told_at, now)
    if told.corrects_seq is not None and not await stands_in_book(tx, by, post, told.corrects_seq):
        raise NotFound("要更正的记录", "line to be corrected")
    concern = await _concern(tx, by, post, told.incident_id)
    row = LogEntry(
        stream=by.stream,
        post_id=post_id,
        **told.model_dump(exclude={"occurred_at", "told_at", "lines"}),
        lines=sorted(set(told.lines)),
        occurred_at=occurred_at,
        told_at=told_at,
        entered_at=now,
        entered_by=by.name,
        account_id=by.account_id,
    )
    tx.add(row)
    await tx.flush()
    fact = store.fact(row)
    event = LogEntered(type="duty_log.entered", entry=fact)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern, told.incident_id)], actor(by))
    return fact


def _minute(at: datetime) -> datetime:
    """Cut a time to the minute, as the log is kept (R12)."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def _require_order(occurred_at: datetime, told_at: datetime, now: datetime) -> None:
    if told_at > now + CLOCKS_DIFFER:
        raise InvalidInput(
            FieldFault("told_at", "获知时间不能在将来", "it cannot have been told in the future")
        )
    if occurred_at > told_at:
        raise InvalidInput(
            FieldFault("occurred_at", "发生时间不能晚于获知时间", "it cannot have happened after it was told")
        )


async def _concern(tx: Tx, by: Viewer, post: DutyPost, incident_id: int | None) -> Concern:
    """Whom the line concerns: its desk; a line about a need-to-know incident those who may know it."""
    if incident_id is None:
        return Concern((post.region_code,))
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    known = seen.concern
    return Concern((post.region_code,), restricted=known.restricted, readers=known.readers)
