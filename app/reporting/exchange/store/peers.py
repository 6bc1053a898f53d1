"""Peers: rows and wire shapes."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlmodel import col, select

from app.db import Tx
from app.reporting.exchange.facts import PeerBrief, PeerFact
from app.reporting.exchange.tables import ReportPeer


async def of_desk(tx: Tx, stream: str, scope: str, limit: int) -> list[ReportPeer]:
    """Return the peers of the desks in a scope, those in use first."""
    found = await tx.execute(
        select(ReportPeer)
        .where(
            col(ReportPeer.stream) == stream, col(ReportPeer.region_code).startswith(scope, autoescape=True)
        )
        .order_by(col(ReportPeer.active).desc(), col(ReportPeer.id))
        .limit(limit)
    )
    return list(found.scalars())


async def locked(tx: Tx, stream: str, peer_id: int) -> ReportPeer | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(ReportPeer)
        .where(col(ReportPeer.id) == peer_id, col(ReportPeer.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def row(tx: Tx, peer_id: int) -> ReportPeer | None:
    """Return the row as it is read."""
    return await tx.get(ReportPeer, peer_id)


async def named(
    tx: Tx, stream: str, region_code: str, names: Collection[tuple[str, str]]
) -> dict[tuple[str, str], ReportPeer]:
    """Return a desk's peers in use among these (node, name), by what they are called."""
    found = await tx.execute(
        select(ReportPeer).where(
            col(ReportPeer.stream) == stream,
            col(ReportPeer.region_code) == region_code,
            col(ReportPeer.active),
            col(ReportPeer.name).in_([name for _, name in names]),
        )
    )
    peers = {(one.node, one.name): one for one in found.scalars()}
    return {key: one for key, one in peers.items() if key in names}


async def by_key(tx: Tx, stream: str, key_id: str) -> ReportPeer | None:
    """Return the peer in use that signs with a key."""
    found = await tx.execute(
        select(ReportPeer).where(
            col(ReportPeer.stream) == stream, col(ReportPeer.key_id) == key_id, col(ReportPeer.active)
        )
    )
    return found.scalar_one_or_none()


def brief(peer: ReportPeer) -> PeerBrief:
    """Return a peer as the journal knows it."""
    return PeerBrief(**peer.model_dump(include={"id", "node", "name", "means"}))


def fact(peer: ReportPeer, key_known: Callable[[str], bool]) -> PeerFact:
    """Return a peer as people see it: never its secret."""
    return PeerFact(**peer.model_dump(exclude={"stream"}), key_known=key_known(peer.key_id))
