"""Packets that are owed to platforms: rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.broadcast.wire.rules.identity import plain
from app.broadcast.wire.tables import BroadcastErrand
from app.codecs.ebm.fields import Fields
from app.db import Tx

MOST_OWED = 5_000
"""A platform that is away for days is not owed more: what is old by then is of no use to it."""


async def owe(
    tx: Tx,
    stream: str,
    peer_id: int,
    kind: str,
    payload: Fields,
    now: datetime,
    useful: timedelta,
    related: str = "",
) -> bool:
    """Owe a platform a packet, for as long as it is of use. Return False when it is owed too many already."""
    owed = await tx.scalar(
        text("SELECT count(*) FROM broadcast_errand WHERE peer_id = :peer AND state = 'waiting'"),
        {"peer": peer_id},
    )
    if owed >= MOST_OWED:
        return False
    tx.add(
        BroadcastErrand(
            stream=stream,
            peer_id=peer_id,
            kind=kind,
            payload=plain(payload),
            related=related,
            queued_at=now,
            useful_until=now + useful,
            next_at=now,
        )
    )
    await tx.flush()
    return True


async def due(tx: Tx, stream: str, now: datetime, busy: Collection[int], limit: int) -> list[tuple[int, int]]:
    """Return (errand, platform) that are due, the oldest of each platform that nobody is busy with."""
    rows = await tx.execute(
        text(
            "SELECT DISTINCT ON (peer_id) id, peer_id FROM broadcast_errand"
            " WHERE stream = :stream AND state = 'waiting' AND handover_id IS NULL AND next_at <= :now"
            " AND NOT peer_id = ANY(:busy) ORDER BY peer_id, next_at, id LIMIT :n"
        ),
        {"stream": stream, "now": now, "busy": list(busy), "n": limit},
    )
    return [(row.id, row.peer_id) for row in rows]


async def claim(tx: Tx, errand_id: int, now: datetime, lease: timedelta) -> BroadcastErrand | None:
    """Take one for a try; None when another node was quicker. It comes back after the lease."""
    found = await tx.execute(
        select(BroadcastErrand)
        .where(
            col(BroadcastErrand.id) == errand_id,
            col(BroadcastErrand.state) == "waiting",
            col(BroadcastErrand.next_at) <= now,
        )
        .with_for_update(skip_locked=True)
    )
    row = found.scalar_one_or_none()
    if row is not None:
        row.attempts, row.tried_at, row.next_at = row.attempts + 1, now, now + lease
    return row


async def locked(tx: Tx, errand_id: int) -> BroadcastErrand | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(BroadcastErrand)
        .where(col(BroadcastErrand.id) == errand_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def of_handover(tx: Tx, stream: str, peer_id: int, handover_id: int, now: datetime) -> BroadcastErrand:
    """Return the errand that carries a message of the outbox, made when there is none, locked."""
    found = await tx.execute(
        select(BroadcastErrand).where(col(BroadcastErrand.handover_id) == handover_id).with_for_update()
    )
    row = found.scalar_one_or_none()
    if row is None:
        row = BroadcastErrand(
            stream=stream, peer_id=peer_id, handover_id=handover_id, kind="EBM", payload={}, queued_at=now
        )
        tx.add(row)
        await tx.flush()
    return row


async def owed(tx: Tx, stream: str) -> dict[int, int]:
    """Return how many packets and messages wait for each platform."""
    rows = await tx.execute(
        text(
            "SELECT peer_id, count(*) AS n FROM (SELECT peer_id FROM broadcast_errand WHERE stream = :stream"
            " AND state = 'waiting' AND handover_id IS NULL UNION ALL SELECT peer_id FROM broadcast_handover"
            " WHERE stream = :stream AND state = 'waiting') w GROUP BY peer_id"
        ),
        {"stream": stream},
    )
    return {row.peer_id: row.n for row in rows}


async def playing(tx: Tx, stream: str, peer_id: int, now: datetime, limit: int) -> list[str]:
    """Return the EBMIDs a platform has taken and has not said the end of, up to an hour after their end."""
    rows = await tx.execute(
        text(
            "SELECT m.ebmid FROM broadcast_handover h JOIN broadcast_message m ON m.id = h.message_id"
            " WHERE h.stream = :stream AND h.peer_id = :peer AND h.state = 'receipted' AND m.msg_type <> 2"
            " AND coalesce(h.play_state, 0) IN (0, 1, 2) AND m.end_at + interval '1 hour' > :now"
            " ORDER BY h.id DESC LIMIT :n"
        ),
        {"stream": stream, "peer": peer_id, "now": now, "n": limit},
    )
    return list(rows.scalars())


async def was_given(tx: Tx, stream: str, ebm_id: str, peer_id: int) -> bool:
    """Whether a message of ours was, or may have been, handed to a platform."""
    found = await tx.scalar(
        text(
            "SELECT 1 FROM broadcast_handover h JOIN broadcast_message m ON m.id = h.message_id"
            " WHERE h.stream = :stream AND h.peer_id = :peer AND m.ebmid = :ebm_id AND h.attempts > 0 LIMIT 1"
        ),
        {"stream": stream, "peer": peer_id, "ebm_id": ebm_id},
    )
    return found is not None


async def ours(tx: Tx, stream: str, tail: str) -> str | None:
    """Return the EBMID of ours that ends in this day and running number, as platforms of the drafts say."""
    found: str | None = await tx.scalar(
        text(
            "SELECT ebmid FROM broadcast_message WHERE stream = :stream AND right(ebmid, 12) = :tail LIMIT 1"
        ),
        {"stream": stream, "tail": tail},
    )
    return found


async def drop_of_peer(tx: Tx, peer_id: int) -> None:
    """Owe a platform nothing more."""
    told: dict[str, Any] = {"peer": peer_id}
    await tx.execute(
        text(
            "UPDATE broadcast_errand SET state = 'failed', trouble = 'peer_retired', next_at = NULL"
            " WHERE peer_id = :peer AND state = 'waiting'"
        ),
        told,
    )
