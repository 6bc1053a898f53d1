"""The outgoing queue: rows and wire shapes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.reporting.exchange.facts import OutgoingFact, ReportDelivery
from app.reporting.exchange.rules.trouble import trouble_words
from app.reporting.exchange.tables import ReportOutgoing

_LINES = """
SELECT o.id, o.kind, o.report_id, o.addressee_id, p.means, p.name AS peer_name, p.phone, o.state, o.queued_at,
       o.attempts, o.tried_at, o.next_at, o.trouble, o.trouble_detail, o.delivered_at, o.receipt_number,
       o.acknowledged_by, o.acknowledged_at, w.incident_id,
       coalesce(w.title, r.title, '') AS title
  FROM report_outgoing o JOIN report_peer p ON p.id = o.peer_id
  LEFT JOIN written_report w ON w.id = o.report_id
  LEFT JOIN received_report r ON r.id = o.received_id
"""
# Whoever may know the incident: the desk a report is of, and those above it.
_VISIBLE = """
 WHERE o.stream = :stream AND p.region_code LIKE :scope || '%'
   AND (w.incident_id IS NULL OR EXISTS (
     SELECT 1 FROM incident i WHERE i.id = w.incident_id
        AND (i.readers && CAST(:named AS text[])
             OR i.readers = '{}' AND (:need_to_know OR NOT i.restricted))))
   AND (r.id IS NULL OR :need_to_know OR NOT r.restricted)
"""


@dataclass(frozen=True, slots=True)
class Due:
    """One piece of work: which row, for whom."""

    id: int
    peer_id: int


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait, since when the oldest, and how many somebody should phone about."""

    waiting: int
    oldest: datetime | None
    overdue: int


async def due(tx: Tx, stream: str, now: datetime, busy: Collection[int], limit: int) -> list[Due]:
    """Return what is due to be tried, the oldest of each peer that nobody is busy with."""
    rows = await tx.execute(
        text(
            "SELECT DISTINCT ON (peer_id) id, peer_id FROM report_outgoing"
            " WHERE stream = :stream AND state = 'waiting' AND next_at <= :now"
            " AND NOT peer_id = ANY(:busy) ORDER BY peer_id, next_at, id LIMIT :n"
        ),
        {"stream": stream, "now": now, "busy": list(busy), "n": limit},
    )
    return [Due(row.id, row.peer_id) for row in rows]


async def claim(tx: Tx, outgoing_id: int, now: datetime, lease: timedelta) -> ReportOutgoing | None:
    """Take one for a try; None when another node was quicker. It comes back after the lease."""
    found = await tx.execute(
        select(ReportOutgoing)
        .where(
            col(ReportOutgoing.id) == outgoing_id,
            col(ReportOutgoing.state) == "waiting",
            col(ReportOutgoing.next_at) <= now,
        )
        .with_for_update(skip_locked=True)
    )
    row = found.scalar_one_or_none()
    if row is not None:
        row.attempts, row.tried_at, row.next_at = row.attempts + 1, now, now + lease
    return row


async def locked(tx: Tx, stream: str, outgoing_id: int) -> ReportOutgoing | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(ReportOutgoing)
        .where(col(ReportOutgoing.id) == outgoing_id, col(ReportOutgoing.stream) == stream)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def of_message(
    tx: Tx, stream: str, message_id: str, peer_id: int | None = None
) -> ReportOutgoing | None:
    """Return what was queued under a message's id, of one peer or of any, locked until commit."""
    wanted = select(ReportOutgoing).where(
        col(ReportOutgoing.stream) == stream,
        col(ReportOutgoing.message_id) == message_id,
    )
    if peer_id is not None:
        wanted = wanted.where(col(ReportOutgoing.peer_id) == peer_id, col(ReportOutgoing.kind) == "report")
    return (await tx.execute(wanted.limit(1).with_for_update())).scalar_one_or_none()


async def overdue(tx: Tx, stream: str, now: datetime, after: timedelta, limit: int) -> list[int]:
    """Return what waits so long, or was refused, that somebody must phone; not what a call has confirmed."""
    rows = await tx.execute(
        text(
            "SELECT o.id FROM report_outgoing o JOIN report_addressee a ON a.id = o.addressee_id"
            " WHERE o.stream = :stream AND o.state = 'waiting' AND a.confirmed_at IS NULL"
            " AND coalesce(o.alarm_at, o.queued_at + CAST(:after AS interval)) <= :now"
            " ORDER BY o.id LIMIT :n"
        ),
        {"stream": stream, "now": now, "after": after, "n": limit},
    )
    return list(rows.scalars())


async def counted(tx: Tx, stream: str, now: datetime, after: timedelta) -> Queue:
    """Return how the queue stands."""
    rows = await tx.execute(
        text(
            "SELECT count(*) AS waiting, min(queued_at) AS oldest,"
            " count(*) FILTER (WHERE queued_at <= :since) AS overdue"
            " FROM report_outgoing WHERE stream = :stream AND state = 'waiting'"
        ),
        {"stream": stream, "since": now - after},
    )
    row = rows.one()
    return Queue(row.waiting, row.oldest, row.overdue)


async def of_report(tx: Tx, report_id: int) -> dict[int, ReportDelivery]:
    """Return how a report stands on its way, by addressee."""
    rows = await tx.execute(text(f"{_LINES} WHERE o.report_id = :id ORDER BY o.id"), {"id": report_id})
    return {row["addressee_id"]: _delivery(row) for row in rows.mappings()}


async def listed(tx: Tx, who: dict[str, Any], limit: int) -> list[OutgoingFact]:
    """Return the queue as a person may see it: what waits first, then the latest."""
    rows = await tx.execute(
        text(f"{_LINES} {_VISIBLE} ORDER BY (o.state = 'waiting') DESC, o.id DESC LIMIT :n"),
        {**who, "n": limit},
    )
    return [_line(row) for row in rows.mappings()]


async def visible(tx: Tx, who: dict[str, Any], outgoing_id: int) -> OutgoingFact | None:
    """Return one line of the queue this person may see, or None."""
    rows = await tx.execute(text(f"{_LINES} {_VISIBLE} AND o.id = :id"), {**who, "id": outgoing_id})
    row = rows.mappings().first()
    return _line(row) if row else None


def _line(row: Any) -> OutgoingFact:
    own = {name: row[name] for name in ("kind", "peer_name", "report_id", "incident_id", "title")}
    return OutgoingFact(**_delivery(row).model_dump(), **own)


def _delivery(row: Any) -> ReportDelivery:
    zh, en = trouble_words(row["trouble"], row["trouble_detail"])
    acknowledged = row["acknowledged_at"] is not None
    copied = (
        "id",
        "means",
        "queued_at",
        "attempts",
        "tried_at",
        "next_at",
        "delivered_at",
        "receipt_number",
        "acknowledged_by",
        "acknowledged_at",
        "phone",
    )
    return ReportDelivery(
        **{name: row[name] for name in copied},
        standing="acknowledged" if acknowledged else row["state"],
        trouble_zh=zh,
        trouble_en=en,
    )


async def stop_of_peer(tx: Tx, peer_id: int) -> Sequence[int]:
    """Stop what waits for a peer that was retired; return what was stopped."""
    rows = await tx.execute(
        text(
            "UPDATE report_outgoing SET state = 'stopped', next_at = NULL, alarm_at = NULL,"
            " trouble = 'peer_retired', trouble_detail = '' WHERE peer_id = :peer AND state = 'waiting'"
            " RETURNING id"
        ),
        {"peer": peer_id},
    )
    return list(rows.scalars())
