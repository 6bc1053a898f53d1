"""Reports that came in: rows and wire shapes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.org.rules.access import Viewer
from app.reporting.exchange.facts import ReceivedBrief, ReceivedFact, ReceivedPaperFact
from app.reporting.exchange.tables import ReceivedPaper, ReceivedReport

_FACT = """
SELECT r.id, r.number, r.state, r.means, r.signed, r.restricted, r.from_node, r.from_name, r.their_number,
       r.their_incident, r.kind, r.seq, r.title, r.secrecy, r.urgency, r.received_at, r.entered_by,
       r.acknowledged_by, r.acknowledged_at, r.notice_id, n.state AS notice_state, n.incident_id,
       (SELECT e.incident_id FROM received_report q JOIN intake_notice e ON e.id = q.notice_id
          JOIN incident x ON x.id = e.incident_id AND x.state = 'open'
         WHERE q.stream = r.stream AND q.from_name = r.from_name AND q.their_incident = r.their_incident
           AND q.id <> r.id
         ORDER BY q.id DESC LIMIT 1) AS suggested_incident_id,
       (SELECT q.number FROM received_report q
         WHERE q.stream = r.stream AND q.from_name = r.from_name AND q.their_number = r.their_number
           AND q.peer_id IS NOT DISTINCT FROM r.peer_id AND q.id < r.id
         ORDER BY q.id LIMIT 1) AS second_of
       {more}
  FROM received_report r LEFT JOIN intake_notice n ON n.id = r.notice_id
"""
_BRIEF = _FACT.format(more="")
_WHOLE = _FACT.format(
    more=", r.text, r.author, r.contact, r.signer, r.signed_at, r.region_path, r.body_sha256 AS sha256"
)
_COUNT = "SELECT count(*) FROM received_report r"
_VISIBLE = """
 WHERE r.stream = :stream AND r.region_code LIKE :scope || '%' AND (:need_to_know OR NOT r.restricted)
"""


def who(viewer: Viewer) -> dict[str, Any]:
    """Return what a statement asks of a person's scope and need to know."""
    return {
        "stream": viewer.stream,
        "scope": viewer.scope,
        "need_to_know": viewer.may("see_restricted"),
    }


async def listed(tx: Tx, viewer: Viewer, limit: int, before: int | None) -> list[ReceivedBrief]:
    """Return the reports this person may see, the latest first, those before an id if one is given."""
    rows = await tx.execute(
        text(
            _BRIEF + _VISIBLE + " AND (CAST(:before AS bigint) IS NULL OR r.id < :before)"
            " ORDER BY r.id DESC LIMIT :n"
        ),
        {**who(viewer), "before": before, "n": limit},
    )
    return [ReceivedBrief(**row) for row in rows.mappings()]


async def waiting(tx: Tx, viewer: Viewer) -> int:
    """Return how many of them nobody has acknowledged."""
    found = await tx.scalar(text(_COUNT + _VISIBLE + " AND r.state = 'received'"), who(viewer))
    return int(found or 0)


async def visible(tx: Tx, viewer: Viewer, received_id: int) -> ReceivedFact | None:
    """Return one report this person may see, or None."""
    rows = await tx.execute(text(_WHOLE + _VISIBLE + " AND r.id = :id"), {**who(viewer), "id": received_id})
    row = rows.mappings().first()
    return ReceivedFact(**row, papers=await papers(tx, received_id)) if row else None


async def brief(tx: Tx, received_id: int) -> ReceivedBrief:
    """Return one report without its text."""
    rows = await tx.execute(text(_BRIEF + " WHERE r.id = :id"), {"id": received_id})
    return ReceivedBrief(**rows.mappings().one())


async def locked(tx: Tx, received_id: int) -> ReceivedReport | None:
    """Return the row, locked until commit."""
    found = await tx.execute(
        select(ReceivedReport).where(col(ReceivedReport.id) == received_id).with_for_update()
    )
    return found.scalar_one_or_none()


async def known(tx: Tx, stream: str, message_id: str) -> list[ReceivedReport]:
    """Return what came under a message's id. Two that come at once wait for each other."""
    await tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 270))"), {"key": f"{stream}/{message_id}"}
    )
    found = await tx.execute(
        select(ReceivedReport)
        .where(col(ReceivedReport.stream) == stream, col(ReceivedReport.message_id) == message_id)
        .with_for_update()
    )
    return list(found.scalars())


async def first_edition(tx: Tx, of: ReceivedReport) -> ReceivedReport | None:
    """Return the same report as it came before it was signed (补签), None when it is the first."""
    found = await tx.execute(
        select(ReceivedReport)
        .where(
            col(ReceivedReport.stream) == of.stream,
            col(ReceivedReport.from_name) == of.from_name,
            col(ReceivedReport.their_number) == of.their_number,
            col(ReceivedReport.peer_id).is_not_distinct_from(of.peer_id),
            col(ReceivedReport.id) < of.id,
        )
        .order_by(col(ReceivedReport.id))
        .limit(1)
    )
    return found.scalar_one_or_none()


async def papers(tx: Tx, received_id: int) -> list[ReceivedPaperFact]:
    """Return the papers that came with a report, without the bytes."""
    rows = await tx.execute(
        text("SELECT form, sha256 FROM received_paper WHERE received_id = :id ORDER BY form DESC"),
        {"id": received_id},
    )
    return [ReceivedPaperFact(**row) for row in rows.mappings()]


async def paper(tx: Tx, received_id: int, form: str) -> ReceivedPaper | None:
    """Return a paper with its bytes."""
    return await tx.get(ReceivedPaper, (received_id, form))


async def use_nonce(tx: Tx, key_id: str, nonce: str, now: datetime, kept: timedelta) -> bool:
    """Note that a nonce was used; False if it was used before. Old ones are forgotten on the way."""
    await tx.execute(text("DELETE FROM exchange_nonce WHERE at < :since"), {"since": now - kept})
    fresh = await tx.execute(
        text(
            "INSERT INTO exchange_nonce (key_id, nonce, at) VALUES (:key, :nonce, :now)"
            " ON CONFLICT DO NOTHING RETURNING nonce"
        ),
        {"key": key_id, "nonce": nonce, "now": now},
    )
    return fresh.first() is not None
