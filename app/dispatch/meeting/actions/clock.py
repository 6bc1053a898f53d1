"""What the clock does: who was rung long enough is missing, who is silent has left, the empty is closed."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.meeting import rules
from app.dispatch.meeting.actions.opening import end, ring_next
from app.dispatch.meeting.actions.telling import tell_members
from app.dispatch.meeting.store import meetings as store
from app.dispatch.meeting.store import peers


async def look(tx: Tx, stream: str, meeting_id: int, now: datetime) -> int:
    """Do what is due in a meeting; return how much was done."""
    meeting = await store.locked(tx, stream, meeting_id)
    if meeting is None or meeting.state != "open":
        return 0
    rows = await store.members(tx, meeting_id)
    missed = [row for row in rows if row.state == "ringing" and rules.is_rung_out(row.rang_at, now)]
    for row in missed:
        row.state = rules.after("ringing", "expire")
    if missed:
        await tell_members(tx, None, meeting, missed, "meeting.missed", now)
        await ring_next(tx, None, meeting, rows, now)
    doings = [meeting.opened_at, *(at for row in rows for at in (row.rang_at, row.left_at) if at is not None)]
    anybody = await peers.count(tx, meeting_id) > 0
    if rules.is_deserted(doings, anybody=anybody, now=now):
        await end(tx, None, meeting, now)
        return len(missed) + 1
    return len(missed)
