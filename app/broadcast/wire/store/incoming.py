"""Messages of other platforms: rows."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import col, select

from app.broadcast.wire.facts import WireIncomingFact
from app.broadcast.wire.tables import BroadcastIncoming
from app.db import Tx


async def known(tx: Tx, stream: str, ebm_id: str) -> BroadcastIncoming | None:
    """Return the message of an EBMID, locked until commit."""
    found = await tx.execute(
        select(BroadcastIncoming)
        .where(col(BroadcastIncoming.stream) == stream, col(BroadcastIncoming.ebm_id) == ebm_id)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def hash_of(tx: Tx, stream: str, ebm_id: str) -> str | None:
    """Return what the message of an EBMID is known by, also when it is only receipted; None for no such."""
    found: str | None = await tx.scalar(
        text(
            "SELECT content_hash FROM broadcast_incoming WHERE stream = :stream AND ebm_id = :ebm_id"
            " UNION ALL SELECT message_hash FROM broadcast_packet WHERE stream = :stream AND ebm_id = :ebm_id"
            " AND kind = 'EBM' AND direction = 'in' AND state IN ('waiting', 'done', 'failed') LIMIT 1"
        ),
        {"stream": stream, "ebm_id": ebm_id},
    )
    return found


async def cancelled_before(tx: Tx, stream: str, peer_id: int, ebm_id: str) -> bool:
    """Whether a cancel of this message came before it, from the same platform."""
    found = await tx.execute(
        select(col(BroadcastIncoming.id)).where(
            col(BroadcastIncoming.stream) == stream,
            col(BroadcastIncoming.peer_id) == peer_id,
            col(BroadcastIncoming.cancels) == ebm_id,
        )
    )
    return found.first() is not None


async def listed(tx: Tx, stream: str, limit: int) -> list[WireIncomingFact]:
    """Return what other platforms sent, the latest first."""
    rows = await tx.execute(
        text(
            "SELECT i.id, i.peer_id, p.name AS peer_name, i.ebm_id, i.msg_type, i.cancels, i.sender, i.title,"
            " i.text, i.severity, i.event_type, i.areas, i.starts_at, i.ends_at, i.received_at, i.state,"
            " i.notice_id FROM broadcast_incoming i JOIN broadcast_peer p ON p.id = i.peer_id"
            " WHERE i.stream = :stream ORDER BY i.id DESC LIMIT :n"
        ),
        {"stream": stream, "n": limit},
    )
    return [WireIncomingFact(**row) for row in rows.mappings()]
