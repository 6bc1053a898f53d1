"""What every action on a sheet begins and ends with: it is held, and the journal is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel

from app.broadcast.events import BroadcastChanged
from app.broadcast.refusals import BroadcastMoved
from app.broadcast.store import messages
from app.broadcast.tables import BroadcastMessage
from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor
from app.refusals import NotFound

STATES_ZH: Mapping[str, str] = {
    "draft": "拟稿",
    "submitted": "待审批",
    "returned": "退回修改",
    "approved": "已批待播",
    "issued": "已下发",
    "playing": "播发中",
    "finished": "播发结束",
    "stopped": "已停播",
    "expired": "已过期",
    "dropped": "已作废",
}


async def held(tx: Tx, by: Viewer, message_id: int, *states: str) -> BroadcastMessage:
    """Return a sheet of the person's own area, locked. Raises NotFound, BroadcastMoved (another state)."""
    row = await messages.held(tx, message_id)
    if row is None or row.stream != by.stream or not by.covers(row.region_code):
        raise NotFound("该播发单", "broadcast")
    if states and row.state not in states:
        raise BroadcastMoved(STATES_ZH[row.state], row.state)
    return row


async def tell(
    tx: Tx, row: BroadcastMessage, kind: str, now: datetime, by: Viewer | None = None, words: str = ""
) -> None:
    """Tell the journal that a sheet went on: those of its desk and, once it has left, of its villages."""
    await tx.flush()
    event = BroadcastChanged(type=kind, broadcast=await messages.brief(tx, row.id or 0), words=words)
    await append(tx, row, event, now, by)


async def append(
    tx: Tx, row: BroadcastMessage, event: BaseModel, now: datetime, by: Viewer | None = None
) -> None:
    """Append an event to those a sheet concerns."""
    concern = Concern(await concerned(tx, row))
    await journal.append(
        tx, row.stream, now, [journal.Entry(event, concern)], actor=actor(by) if by else None
    )


async def concerned(tx: Tx, row: BroadcastMessage) -> tuple[str, ...]:
    """Return the places a sheet concerns: its desk, and the townships of its villages once it has left."""
    codes = {row.region_code}
    if row.issued_at is not None:
        codes |= {code[:9] + "000" for code in await messages.targets(tx, row.id or 0)}
    return tuple(sorted(codes))
