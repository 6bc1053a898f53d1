"""How platforms are reached, and the links to them: rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
    """Return one platform with its wire, None without; `lock` holds its rows until commit."""
    wanted = (
        select(BroadcastPeer, BroadcastWire, BroadcastLink)
        .join(BroadcastWire, col(BroadcastWire.peer_id) == col(BroadcastPeer.id))
        .join(BroadcastLink, col(BroadcastLink.peer_id) == col(BroadcastPeer.id))
        .where(col(BroadcastPeer.stream) == stream, col(BroadcastPeer.id) == peer_id)
    )
    if lock:
        wanted = wanted.with_for_update()
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
    await _note(tx, peer_id, {"at": now}, "answered_at = :at, trouble = '', trouble_detail = ''")


async def failed(tx: Tx, peer_id: int, code: str, detail: str, now: datetime) -> None:
    """Note that a packet of ours found no receipt."""
    told = {"at": now, "code": code, "detail": detail[:300]}
    await _note(tx, peer_id, told, "failed_at = :at, trouble = :code, trouble_detail = :detail")


async def heard(tx: Tx, peer_id: int, now: datetime) -> None:
    """Note that a packet of theirs came and was theirs."""
    await _note(tx, peer_id, {"at": now}, "heard_at = :at")


async def due_asking(tx: Tx, stream: str, column: str, every_: timedelta | None, now: datetime) -> Sequence[int]:
    """Claim the platforms to be asked now for terminals (`asked_at`) or states (`polled_at`), once per period.

    Without `every_` the period is the platform's own `poll_s`.
    """
    assert column in ("asked_at", "polled_at")
    rows = await tx.execute(
        text(
            f"UPDATE broadcast_link l SET {column} = :now FROM broadcast_wire w, broadcast_peer p"
            " WHERE w.peer_id = l.peer_id AND p.id = l.peer_id AND w.stream = :stream AND p.active"
            f" AND w.url <> '' AND NOT w.superior AND (l.{column} IS NULL OR l.{column} +"
            " coalesce(CAST(:every AS interval), w.poll_s * interval '1 s') <= :now)"
            " RETURNING l.peer_id"
        ),
        {"stream": stream, "now": now, "every": every_},
    )
    return list(rows.scalars())


async def _note(tx: Tx, peer_id: int, told: dict[str, Any], what: str) -> None:
    await tx.execute(text(f"UPDATE broadcast_link SET {what} WHERE peer_id = :peer"), {**told, "peer": peer_id})
