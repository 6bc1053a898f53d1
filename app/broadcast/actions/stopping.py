"""Stop: one person, at once, no approval; it reaches exactly those that were given the message."""

from __future__ import annotations

from datetime import datetime

from app.broadcast.actions.issuing import STOPS_KEEP_TRYING, hand_over, number
from app.broadcast.actions.telling import held, tell
from app.broadcast.commands import BroadcastStopIn
from app.broadcast.rules import coverage
from app.broadcast.settings import BroadcastTerms
from app.broadcast.store import outgoing
from app.broadcast.store import wire as store
from app.broadcast.tables import BroadcastHandover, BroadcastMessage
from app.codecs.ebm.message import MsgType
from app.db import Tx
from app.org.rules.access import Viewer, require

_ALIKE = (
    *("stream", "region_code", "drill", "event_type", "severity", "sender", "sender_code", "sender_level"),
    *("urgent", "title", "text", "language", "repeats", "interval_s", "scope_words", "channels"),
    *("cause_kind", "cause_id", "cause_words", "cause_status"),
)
"""What a stop has in common with what it stops."""
STOPPABLE = ("submitted", "approved", "issued", "playing")


async def stop(
    tx: Tx, by: Viewer, message_id: int, told: BroadcastStopIn, now: datetime, terms: BroadcastTerms
) -> None:
    """Stop a broadcast. What never left never leaves; what left is cancelled under an EBMID of its own.

    Pressed twice it is stopped once. Raises NotPermitted, NotFound, BroadcastMoved (it is over).
    """
    require(by, "command")
    row = await held(tx, by, message_id)
    if row.state == "stopped":
        return
    await held(tx, by, message_id, *STOPPABLE)
    row.state, row.stopped_by, row.stopped_at, row.stop_reason = "stopped", by.name, now, told.reason
    row.reask_at = row.reask_at if row.approved_as == "oral_consent" else None
    given = [one for one in await store.handovers_of(tx, row.id or 0) if _was_given(one)]
    await _withdraw(tx, row)
    if given:
        await _cancel(tx, by, row, given, now, terms)
    await tell(tx, row, "broadcast.stopped", now, by, told.reason)


def _was_given(one: BroadcastHandover) -> bool:
    """Whether a platform has, or may have, the message: an attempt without an answer may have arrived."""
    return one.attempts > 0 and one.state != "refused"


async def _withdraw(tx: Tx, row: BroadcastMessage) -> None:
    for one in await store.handovers_of(tx, row.id or 0):
        if one.state == "waiting":
            one.state, one.next_at, one.words = "withdrawn", None, "停播 / stopped"
    await tx.flush()


async def _cancel(
    tx: Tx,
    by: Viewer,
    row: BroadcastMessage,
    given: list[BroadcastHandover],
    now: datetime,
    terms: BroadcastTerms,
) -> None:
    """Write the cancel (MsgType 2, a new EBMID) for the platforms and villages that got the message."""
    cancel = BroadcastMessage(
        **{name: getattr(row, name) for name in _ALIKE},
        msg_type=int(MsgType.CANCEL),
        cancels_id=row.id,
        more_texts=list(row.more_texts),
        scope=dict(row.scope),
        press=f"stop-of-{row.id}",
        author_id=by.account_id,
        author=by.name,
        drafted_at=now,
        approved_as="stop",
        approver=by.name,
        approver_id=by.account_id,
        approved_at=now,
        start_at=now,
        end_at=max(row.end_at, now + STOPS_KEEP_TRYING),
    )
    tx.add(cancel)
    await tx.flush()
    shares = {one.peer_id: list(one.payload["contents"][0]["areas"]) for one in given}
    codes = sorted({code for areas in shares.values() for code in areas})
    await outgoing.aim(tx, cancel.id or 0, coverage.covered(codes, ()).villages)
    await number(tx, cancel, now, terms)
    await hand_over(tx, cancel, shares, row.ebmid or "", now, cancel.end_at)


async def cancel_reached(tx: Tx, row: BroadcastMessage, now: datetime) -> bool:
    """Return whether every platform that was to be told of a stop has answered; then the stop is over."""
    if await outgoing.unanswered(tx, row.id or 0) or row.state != "issued":
        return False
    row.state, row.finished_at = "finished", now
    await tx.flush()
    return True
