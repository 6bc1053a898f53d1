"""What follows from what platforms say: it plays, it is over, terminals are to be repaired."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from app.broadcast.actions.stopping import cancel_reached
from app.broadcast.actions.telling import append, tell
from app.broadcast.beside.tables import BroadcastRepair
from app.broadcast.events import BroadcastReached, BroadcastRepairChanged
from app.broadcast.rules.results import PLAYING, repair_hours
from app.broadcast.store import delivery, messages, places
from app.broadcast.tables import BroadcastMessage
from app.codecs.ebm.message import MsgType
from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor

GRACE = timedelta(minutes=2)
"""So long after the end of its window a message waits for reports before it counts as over."""
MOST_NAMES = 20


async def settle(tx: Tx, row: BroadcastMessage, now: datetime) -> None:
    """Step a message by what is known of it now; the caller holds the row."""
    if row.msg_type == MsgType.CANCEL:
        await cancel_reached(tx, row, now)
        return
    if row.state not in ("issued", "playing"):
        return
    found, told = await messages.tally(tx, row.id or 0)
    if row.state == "issued" and (found.playing or found.played or PLAYING in told):
        row.state, row.started_at = "playing", now
        await tell(tx, row, "broadcast.started", now)
    if now >= row.end_at + GRACE or (await messages.brief(tx, row.id or 0)).outcome:
        await _finish(tx, row, now)


async def reached(tx: Tx, row: BroadcastMessage, codes: Sequence[str], changed: int, now: datetime) -> None:
    """Tell that terminals have played, and which villages that reached."""
    named = await places.names(tx, codes)
    event = BroadcastReached(
        type="broadcast.reached",
        broadcast=await messages.brief(tx, row.id or 0),
        villages=[named.get(code, code) for code in sorted(codes)][:MOST_NAMES],
        count=changed,
    )
    await append(tx, row, event, now)


async def _finish(tx: Tx, row: BroadcastMessage, now: datetime) -> None:
    row.state, row.finished_at = "finished", now
    await tell(tx, row, "broadcast.finished", now)
    if row.drill and row.msg_type != MsgType.DRILL_TERMINAL:
        return  # nothing was to sound: nothing is broken
    made = []
    for one in await delivery.failed(tx, row.id or 0):
        fault = one.words or ("播发失败" if one.result == 4 else "终端故障或离线,未播发")
        made.append(_repair(row, one.id, fault, repair_hours(one.others), "系统", now))
    await open_repairs(tx, row.stream, made, now)


def _repair(
    row: BroadcastMessage, terminal_id: int, fault: str, hours: int, by: str, now: datetime
) -> BroadcastRepair:
    return BroadcastRepair(
        stream=row.stream,
        terminal_id=terminal_id,
        message_id=row.id,
        fault=fault,
        hours=hours,
        opened_at=now,
        opened_by=by,
        due_at=now + timedelta(hours=hours),
    )


async def open_repairs(
    tx: Tx, stream: str, made: Sequence[BroadcastRepair], now: datetime, by: Viewer | None = None
) -> list[int]:
    """Write repairs and tell of them; return their numbers."""
    if not made:
        return []
    tx.add_all(made)
    await tx.flush()
    ids = [one.id or 0 for one in made]
    await tell_repairs(tx, stream, "broadcast.repair_opened", ids, now, by)
    return ids


async def tell_repairs(
    tx: Tx, stream: str, kind: str, ids: Iterable[int], now: datetime, by: Viewer | None = None
) -> None:
    """Tell the journal of repairs, at most so many in one event."""
    wanted = list(ids)
    for start in range(0, len(wanted), 100):
        found = await delivery.repairs_by_id(tx, stream, wanted[start : start + 100], now)
        regions = tuple(sorted({one.region_code for one in found}))
        event = BroadcastRepairChanged(type=kind, repairs=found)
        await journal.append(
            tx, stream, now, [journal.Entry(event, Concern(regions))], actor=actor(by) if by else None
        )
