"""Peers are registered, amended and retired by who manages a desk; a line of the queue is tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.exc import IntegrityError

from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import NotFound
from app.reporting.exchange.commands import PeerIn
from app.reporting.exchange.events import PeerChanged
from app.reporting.exchange.facts import OutgoingFact, PeerFact
from app.reporting.exchange.refusals import NotWaiting, PeerTwice
from app.reporting.exchange.store import outgoing, peers
from app.reporting.exchange.tables import ReportPeer

MOST = 500
Knows = Callable[[str], bool]


async def listed(tx: Tx, by: Viewer, knows: Knows) -> list[PeerFact]:
    """Return the peers of this person's desks, those in use first. Raises NotPermitted."""
    require(by, "see_desk")
    return [peers.fact(one, knows) for one in await peers.of_desk(tx, by.stream, by.scope, MOST)]


async def register(tx: Tx, by: Viewer, told: PeerIn, now: datetime, knows: Knows) -> PeerFact:
    """Register a peer of one's own desk. Raises PeerTwice, NotPermitted."""
    require(by, "manage_people")
    row = ReportPeer(
        **told.model_dump(),
        stream=by.stream,
        region_code=by.scope.ljust(12, "0"),
        registered_by=by.name,
        registered_at=now,
    )
    tx.add(row)
    return await _told(tx, by, row, "peer.registered", now, knows)


async def amend(tx: Tx, by: Viewer, peer_id: int, told: PeerIn, now: datetime, knows: Knows) -> PeerFact:
    """Write a peer anew; what waits goes to the new address. Raises PeerTwice, NotFound, NotPermitted."""
    row = await _own(tx, by, peer_id)
    for name, value in told.model_dump().items():
        setattr(row, name, value)
    return await _told(tx, by, row, "peer.amended", now, knows)


async def retire(tx: Tx, by: Viewer, peer_id: int, now: datetime, knows: Knows) -> PeerFact:
    """Send nothing more to a peer and take nothing from it. Raises NotFound, NotPermitted."""
    row = await _own(tx, by, peer_id)
    row.active, row.retired_by, row.retired_at = False, by.name, now
    await tx.flush()
    await outgoing.stop_of_peer(tx, peer_id)
    return await _told(tx, by, row, "peer.retired", now, knows)


async def retry(tx: Tx, by: Viewer, outgoing_id: int, now: datetime) -> OutgoingFact:
    """Try a line of the queue at once. Raises NotWaiting, NotFound, NotPermitted."""
    require(by, "command")
    if await outgoing.visible(tx, viewer_of(by), outgoing_id) is None:
        raise NotFound("该待送件", "outgoing report")
    row = await outgoing.locked(tx, by.stream, outgoing_id)
    if row is None or row.state == "delivered" or row.trouble == "peer_retired":
        raise NotWaiting
    row.state, row.next_at = "waiting", now
    await tx.flush()
    found = await outgoing.visible(tx, viewer_of(by), outgoing_id)
    assert found is not None
    return found


async def queue(tx: Tx, by: Viewer, limit: int) -> list[OutgoingFact]:
    """Return what waits to be delivered, then what was delivered last. Raises NotPermitted."""
    require(by, "see_desk")
    return await outgoing.listed(tx, viewer_of(by), limit)


def viewer_of(by: Viewer) -> dict[str, Any]:
    """Return what a statement asks of a person's scope and need to know."""
    return {
        "stream": by.stream,
        "scope": by.scope,
        "named": by.names,
        "need_to_know": by.may("see_restricted"),
    }


async def _own(tx: Tx, by: Viewer, peer_id: int) -> ReportPeer:
    require(by, "manage_people")
    row = await peers.locked(tx, by.stream, peer_id)
    if row is None or not row.active or not by.covers(row.region_code):
        raise NotFound("该对接单位", "peer")
    return row


async def _told(
    tx: Tx,
    by: Viewer,
    row: ReportPeer,
    type_: Literal["peer.registered", "peer.amended", "peer.retired"],
    now: datetime,
    knows: Knows,
) -> PeerFact:
    try:
        await tx.flush()
    except IntegrityError as error:
        raise PeerTwice from error
    event = PeerChanged(type=type_, peer=peers.brief(row))
    concern = Concern((row.region_code,), restricted=True)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return peers.fact(row, knows)
