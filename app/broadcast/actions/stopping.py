"""Stop: one person, at once, no approval; it reaches exactly those that were given the message.

What is replaced by a later broadcast ends the same way, platform by platform as they take the later one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.broadcast.actions.issuing import STOPS_KEEP_TRYING, hand_over, number
from app.broadcast.actions.telling import held, tell
from app.broadcast.commands import BroadcastStopIn
from app.broadcast.rules import coverage
from app.broadcast.settings import BroadcastTerms
from app.broadcast.store import messages, outgoing
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
REPLACEABLE = ("approved", "issued", "playing")


@dataclass(frozen=True, slots=True)
class Who:
    """Whose word ends a broadcast: who pressed stop, or who wrote what takes its place."""

    id: int
    name: str


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
    handed = await store.handovers_of(tx, row.id or 0)
    await _end(tx, row, handed, Who(by.account_id, by.name), now, terms)
    await tell(tx, row, "broadcast.stopped", now, by, told.reason)


async def replace(
    tx: Tx, old_id: int, new_id: int, peers: Sequence[int], now: datetime, terms: BroadcastTerms
) -> None:
    """End a broadcast at these platforms, because they have taken what takes its place.

    It counts as stopped when no platform has it any more; where the new one was not taken the old one
    plays on, for an old alert is better than none, and may be stopped by hand.
    """
    row, new = await messages.held(tx, old_id), await tx.get(BroadcastMessage, new_id)
    if row is None or new is None or row.state not in REPLACEABLE:
        return
    handed = await store.handovers_of(tx, old_id)
    await _end(
        tx, row, [one for one in handed if one.peer_id in peers], Who(new.author_id, new.author), now, terms
    )
    silenced = set(await outgoing.silenced(tx, old_id))
    if any((one.state == "waiting" or _was_given(one)) and one.peer_id not in silenced for one in handed):
        return
    row.state, row.stopped_by, row.stopped_at = "stopped", new.author, now
    row.stop_reason = f"由播发单#{new_id}更新"
    await tell(tx, row, "broadcast.stopped", now, None, row.stop_reason)


def _was_given(one: BroadcastHandover) -> bool:
    """Whether a platform has, or may have, the message: an attempt without an answer may have arrived."""
    return one.attempts > 0 and one.state != "refused"


async def _end(
    tx: Tx,
    row: BroadcastMessage,
    handed: Sequence[BroadcastHandover],
    who: Who,
    now: datetime,
    terms: BroadcastTerms,
) -> None:
    """Withdraw what waits of these rows of the outbox, and cancel at the platforms that were given it."""
    silenced = set(await outgoing.silenced(tx, row.id or 0))
    given = [one for one in handed if _was_given(one) and one.peer_id not in silenced]
    for one in handed:
        if one.state == "waiting":
            one.state, one.next_at, one.words = "withdrawn", None, "停播 / stopped"
    await tx.flush()
    if given:
        await _cancel(tx, row, given, who, now, terms)


async def _cancel(
    tx: Tx,
    row: BroadcastMessage,
    given: Sequence[BroadcastHandover],
    who: Who,
    now: datetime,
    terms: BroadcastTerms,
) -> None:
    """Send the cancel (MsgType 2, an EBMID of its own) to platforms and villages that got the message."""
    cancel = await messages.stop_of(tx, row.id or 0)
    shares = {one.peer_id: list(one.payload["contents"][0]["areas"]) for one in given}
    codes = {code for areas in shares.values() for code in areas}
    if cancel is None:
        cancel = await _written(tx, row, who, now)
        await number(tx, cancel, now, terms)
    else:  # other platforms have it already
        codes |= set(await messages.targets(tx, cancel.id or 0))
        cancel.state, cancel.finished_at, cancel.end_at = "issued", None, now + STOPS_KEEP_TRYING
    await outgoing.aim(tx, cancel.id or 0, coverage.covered(sorted(codes), ()).villages)
    await hand_over(tx, cancel, shares, row.ebmid or "", now, cancel.end_at)


async def _written(tx: Tx, row: BroadcastMessage, who: Who, now: datetime) -> BroadcastMessage:
    cancel = BroadcastMessage(
        **{name: getattr(row, name) for name in _ALIKE},
        msg_type=int(MsgType.CANCEL),
        cancels_id=row.id,
        more_texts=list(row.more_texts),
        scope=dict(row.scope),
        press=f"stop-of-{row.id}",
        author_id=who.id,
        author=who.name,
        drafted_at=now,
        approved_as="stop",
        approver=who.name,
        approver_id=who.id,
        approved_at=now,
        start_at=now,
        end_at=max(row.end_at, now + STOPS_KEEP_TRYING),
    )
    tx.add(cancel)
    await tx.flush()
    return cancel


async def cancel_reached(tx: Tx, row: BroadcastMessage, now: datetime) -> bool:
    """Return whether every platform that was to be told of a stop has answered; then the stop is over."""
    if await outgoing.unanswered(tx, row.id or 0) or row.state != "issued":
        return False
    row.state, row.finished_at = "finished", now
    await tx.flush()
    return True
