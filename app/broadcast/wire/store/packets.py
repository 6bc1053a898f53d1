"""Packets as they passed, and the numbers of ours: rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.broadcast.wire.facts import WirePacketFact
from app.broadcast.wire.tables import BroadcastPacket
from app.db import Tx

MOST_REFUSED_PER_HOUR = 200
_TAKEN = ("waiting", "done", "known", "failed")


@dataclass(frozen=True, slots=True)
class Taken:
    """A packet that was taken before: the digest of its bytes and the receipt it got."""

    sha256: str
    answer: bytes


async def next_sequence(tx: Tx, now: datetime) -> int:
    """Return a number no packet of ours had: the second and a running number, sixteen digits.

    A database that was restored from yesterday goes on with numbers that no peer has seen.
    """
    running = int((await tx.execute(text("SELECT nextval('broadcast_ebd_running')"))).scalar_one())
    return int(now.timestamp()) * 1_000_000 + running % 1_000_000


async def lock(tx: Tx, source: str, ebd_id: str) -> None:
    """Let one copy of a packet be looked at after the other."""
    key = {"key": f"broadcast:{source}:{ebd_id}"}
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), key)


async def taken(tx: Tx, stream: str, source: str, ebd_id: str) -> Taken | None:
    """Return what became of a packet of this number, None when none was taken."""
    found = await tx.execute(
        select(col(BroadcastPacket.sha256), col(BroadcastPacket.answer)).where(
            col(BroadcastPacket.stream) == stream,
            col(BroadcastPacket.direction) == "in",
            col(BroadcastPacket.source) == source,
            col(BroadcastPacket.ebd_id) == ebd_id,
            col(BroadcastPacket.state).in_(_TAKEN),
        )
    )
    row = found.first()
    return Taken(*row) if row else None


async def keep(tx: Tx, row: BroadcastPacket) -> bool:
    """Keep a packet; of one platform's refused ones only so many an hour. Return whether it is kept."""
    if row.state == "refused":
        lately = await tx.scalar(
            text(
                "SELECT count(*) FROM broadcast_packet WHERE stream = :stream AND at > :since"
                " AND peer_id = :peer AND state = 'refused'"
            ),
            {"stream": row.stream, "since": row.at - timedelta(hours=1), "peer": row.peer_id},
        )
        if lately >= MOST_REFUSED_PER_HOUR:
            return False
    tx.add(row)
    await tx.flush()
    return True


async def waiting(tx: Tx, stream: str, limit: int) -> list[int]:
    """Return what came in and is not taken up yet, in the order it came."""
    rows = await tx.execute(
        text(
            "SELECT id FROM broadcast_packet WHERE stream = :stream AND state = 'waiting'"
            " ORDER BY id LIMIT :n"
        ),
        {"stream": stream, "n": limit},
    )
    return list(rows.scalars())


async def claimed(tx: Tx, packet_id: int) -> BroadcastPacket | None:
    """Return a packet that still waits, locked; None when another node has it."""
    found = await tx.execute(
        select(BroadcastPacket)
        .where(col(BroadcastPacket.id) == packet_id, col(BroadcastPacket.state) == "waiting")
        .with_for_update(skip_locked=True)
    )
    return found.scalar_one_or_none()


async def latest(tx: Tx, stream: str, peers: Iterable[int], limit: int) -> list[WirePacketFact]:
    """Return what passed last between us and these platforms, without bytes."""
    rows = await tx.execute(
        text(
            "SELECT id, peer_id, direction, state, source, ebd_id, kind, related, ebm_id, at, address,"
            " sha256, octet_length(data) AS size, result, words,"
            " coalesce(jsonb_path_query_array(findings, '$[*].code'), '[]') AS codes"
            " FROM broadcast_packet WHERE stream = :stream AND peer_id = ANY(:peers)"
            " ORDER BY id DESC LIMIT :n"
        ),
        {"stream": stream, "peers": list(peers), "n": limit},
    )
    return [WirePacketFact(**row) for row in rows.mappings()]


async def old_ones_go(tx: Tx, stream: str, before: datetime, limit: int) -> int:
    """Remove packets that nobody needs any longer; those of messages from superiors stay."""
    rows: Any = await tx.execute(
        text(
            "DELETE FROM broadcast_packet WHERE id IN (SELECT p.id FROM broadcast_packet p"
            " WHERE p.stream = :stream AND p.at < :before AND p.state <> 'waiting' AND NOT EXISTS"
            " (SELECT 1 FROM broadcast_incoming i WHERE i.packet_id = p.id) ORDER BY p.at LIMIT :n)"
        ),
        {"stream": stream, "before": before, "n": limit},
    )
    return int(rows.rowcount)
