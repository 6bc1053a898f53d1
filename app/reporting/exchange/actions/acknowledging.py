"""收悉: an officer has read a report that came in and stands for it; its sender is told."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Viewer, actor, require
from app.refusals import NotFound
from app.reporting.exchange.actions.queueing import enqueue_acknowledgement
from app.reporting.exchange.actions.receiving import concern_of
from app.reporting.exchange.events import ReceivedReportChanged
from app.reporting.exchange.facts import ReceivedFact
from app.reporting.exchange.refusals import AlreadyAcknowledged
from app.reporting.exchange.store import peers, received


async def acknowledge(tx: Tx, by: Viewer, received_id: int, now: datetime) -> ReceivedFact:
    """Acknowledge a report. Raises AlreadyAcknowledged, NotFound, NotPermitted."""
    require(by, "command")
    await readable(tx, by, received_id)
    row = await received.locked(tx, received_id)
    assert row is not None
    if row.acknowledged_by is not None:
        raise AlreadyAcknowledged(row.acknowledged_by)
    row.state, row.acknowledged_by, row.acknowledged_at = "acknowledged", by.name, now
    peer = await peers.row(tx, row.peer_id) if row.peer_id is not None else None
    if peer is not None and peer.active and peer.means == "system" and peer.url:
        await enqueue_acknowledgement(tx, row, peer.id or 0, by.name, now)
    await tx.flush()
    fact = await received.brief(tx, received_id)
    event = ReceivedReportChanged(type="received_report.acknowledged", received=fact)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern_of(row))], actor(by))
    return await readable(tx, by, received_id)


async def readable(tx: Tx, by: Viewer, received_id: int) -> ReceivedFact:
    """Return a report this person may read. Raises NotFound, NotPermitted."""
    require(by, "see_desk")
    found = await received.visible(tx, by, received_id)
    if found is None:
        raise NotFound("该报告", "report")
    return found
