"""How platforms are reached, and the links to them: rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import col, select

from app.broadcast.tables import BroadcastPeer
from app.broadcast.wire.tables import BroadcastLink, BroadcastWire
from app.db import Tx


@dataclass(frozen=True, slots=True)
class Known:
    """A platform with how it is reached and how the link stands."""

    peer: BroadcastPeer
    wire: BroadcastWire
    link: BroadcastLink


async def every(tx: Tx, stream: str, scope: str = "", limit: int = 500) -> list[Known]:
    """Return the platforms that have a wire, those in use first."""
    found = await tx.execute(
        select(BroadcastPeer, BroadcastWire, BroadcastLink)
        .join(BroadcastWire, col(BroadcastWire.peer_id) == col(BroadcastPeer.id))
        .join(BroadcastLink, col(BroadcastLink.peer_id) == col(BroadcastPeer.id))
        .where(
            col(BroadcastPeer.stream) == stream,
            col(BroadcastPeer.region_code).startswith(scope, autoescape=True),
        )
        .order_by(col(BroadcastPeer.active).desc(), col(BroadcastPeer.id))
        .limit(limit)
    )
    return [Known(*row) for row in found]


async def at_door(tx: Tx, stream: str, door: str) -> list[Known]:
    """Return the platforms in use that post to a path."""
    return [one for one in await every(tx, stream) if one.peer.active and one.wire.door == door]


async def one(tx: Tx, stream: str, peer_id: int, *, lock: bool = False) -> Known | None:
    """Return one platform with its wire, None without; `lock` holds the platform until commit."""
    wanted = (
        select(BroadcastPeer, BroadcastWire, BroadcastLink)
        .join(BroadcastWire, col(BroadcastWire.peer_id) == col(BroadcastPeer.id))
        .join(BroadcastLink, col(BroadcastLink.peer_id) == col(BroadcastPeer.id))
        .where(col(BroadcastPeer.stream) == stream, col(BroadcastPeer.id) == peer_id)
    )
    if lock:
        # Not its link: the courier writes that before it owes the platform something.
        wanted = wanted.with_for_update(of=BroadcastPeer, key_share=True)
    row = (await tx.execute(wanted)).first()
    return Known(*row) if row else None


async def platform(tx: Tx, stream: str, code: str) -> BroadcastPeer | None:
    """Return the platform of an EBRID, locked, whether it has a wire or none."""
    found = await tx.execute(
        select(BroadcastPeer)
        .where(col(BroadcastPeer.stream) == stream, col(BroadcastPeer.resource_code) == code)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def due_beats(tx: Tx, stream: str, now: datetime, limit: int) -> list[int]:
    """Claim the platforms whose heart-beat is due, for this node alone."""
    rows = await tx.execute(
        text(
            "UPDATE broadcast_link l SET beat_at = :now FROM broadcast_wire w, broadcast_peer p"
            " WHERE w.peer_id = l.peer_id AND p.id = l.peer_id AND w.stream = :stream AND p.active"
            " AND w.url <> '' AND l.peer_id IN (SELECT k.peer_id FROM broadcast_link k"
            "  JOIN broadcast_wire v ON v.peer_id = k.peer_id WHERE v.stream = :stream"
            "  AND (k.beat_at IS NULL OR k.beat_at + v.heartbeat_s * interval '1 s' <= :now)"
            "  ORDER BY k.beat_at NULLS FIRST LIMIT :n FOR UPDATE OF k SKIP LOCKED)"
            " RETURNING l.peer_id"
        ),
        {"stream": stream, "now": now, "n": limit},
    )
    return list(rows.scalars())


async def answered(tx: Tx, peer_id: int, now: datetime) -> None:
    """Note that a packet of ours was receipted."""
    await tx.execute(
        text(
            "UPDATE broadcast_link SET answered_at = :at, trouble = '', trouble_detail = ''"
            " WHERE peer_id = :peer"
        ),
        {"at": now, "peer": peer_id},
    )


async def failed(tx: Tx, peer_id: int, code: str, detail: str, now: datetime) -> None:
    """Note that a packet of ours found no receipt."""
    await tx.execute(
        text(
            "UPDATE broadcast_link SET failed_at = :at, trouble = :code, trouble_detail = :detail"
            " WHERE peer_id = :peer"
        ),
        {"at": now, "code": code, "detail": detail[:300], "peer": peer_id},
    )


async def heard(tx: Tx, peer_id: int, now: datetime) -> None:
    """Note that a packet of theirs came and was theirs."""
    await tx.execute(
        text("UPDATE broadcast_link SET heard_at = :at WHERE peer_id = :peer"), {"at": now, "peer": peer_id}
    )


async def never_asked(tx: Tx, stream: str) -> set[int]:
    """Return the platforms that were never asked for their terminals."""
    rows = await tx.execute(
        text(
            "SELECT l.peer_id FROM broadcast_link l JOIN broadcast_wire w ON w.peer_id = l.peer_id"
            " WHERE w.stream = :stream AND l.asked_at IS NULL"
        ),
        {"stream": stream},
    )
    return set(rows.scalars())


async def due_lists(tx: Tx, stream: str, every_: timedelta, now: datetime) -> Sequence[int]:
    """Claim the platforms below us to be asked for their terminals now, once in a period."""
    rows = await tx.execute(
        text(
            "UPDATE broadcast_link l SET asked_at = :now FROM broadcast_wire w, broadcast_peer p"
            " WHERE w.peer_id = l.peer_id AND p.id = l.peer_id AND w.stream = :stream AND p.active"
            " AND w.url <> '' AND NOT w.superior AND (l.asked_at IS NULL OR l.asked_at <= :before)"
            " RETURNING l.peer_id"
        ),
        {"stream": stream, "now": now, "before": now - every_},
    )
    return list(rows.scalars())


async def due_polls(tx: Tx, stream: str, now: datetime) -> Sequence[int]:
    """Claim the platforms below us to be asked now how messages stand, each by its own period."""
    rows = await tx.execute(
        text(
            "UPDATE broadcast_link l SET polled_at = :now FROM broadcast_wire w, broadcast_peer p"
            " WHERE w.peer_id = l.peer_id AND p.id = l.peer_id AND w.stream = :stream AND p.active"
            " AND w.url <> '' AND NOT w.superior"
            " AND (l.polled_at IS NULL OR l.polled_at + w.poll_s * interval '1 s' <= :now)"
            " RETURNING l.peer_id"
        ),
        {"stream": stream, "now": now},
    )
    return list(rows.scalars())
