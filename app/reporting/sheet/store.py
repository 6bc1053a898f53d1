"""Every SQL statement of the late-report sheet."""

from __future__ import annotations

from typing import cast

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.facts import ReportNode
from app.reporting.sheet.facts import LateSheetFact, SheetPaperFact, SheetProofFact
from app.reporting.sheet.tables import LateSheetEdition, LateSheetPaper

_REWRITTEN = """
SELECT s.head_seq FROM late_sheet s
  LEFT JOIN journal j ON j.stream = s.stream AND j.seq = s.head_seq
 WHERE s.stream = :stream AND s.head_seq > 0
   AND encode(coalesce(j.hash, ''), 'hex') <> s.head_hash
 ORDER BY s.head_seq, s.id LIMIT 1
"""


async def editions(
    tx: Tx, incident_id: int, scope: str, receiver: str | None, limit: int
) -> list[LateSheetEdition]:
    """Return the editions of an incident within a scope, the latest first; `receiver` None: of all kinds."""
    wanted = [
        col(LateSheetEdition.incident_id) == incident_id,
        col(LateSheetEdition.scope).startswith(scope, autoescape=True),
    ]
    if receiver is not None:
        wanted += [col(LateSheetEdition.receiver) == receiver, col(LateSheetEdition.scope) == scope]
    found = await tx.execute(
        select(LateSheetEdition).where(*wanted).order_by(col(LateSheetEdition.id).desc()).limit(limit)
    )
    return list(found.scalars())


async def count(tx: Tx, incident_id: int) -> int:
    """Return how many editions there are of an incident."""
    found = await tx.scalar(
        text("SELECT count(*) FROM late_sheet WHERE incident_id = :id"), {"id": incident_id}
    )
    return int(found or 0)


async def row(tx: Tx, stream: str, sheet_id: int) -> LateSheetEdition | None:
    """Return one edition of the county, or None."""
    found = await tx.get(LateSheetEdition, sheet_id)
    return found if found is not None and found.stream == stream else None


async def paper(tx: Tx, sheet_id: int, form: str) -> LateSheetPaper | None:
    """Return an edition in a form with its bytes, or None."""
    return await tx.get(LateSheetPaper, (sheet_id, form))


async def rewritten(tx: Tx, stream: str) -> int | None:
    """Return the first entry of which an edition kept another hash than the journal holds now, or None."""
    found = await tx.scalar(text(_REWRITTEN), {"stream": stream})
    return int(found) if found is not None else None


async def one_at_a_time(tx: Tx, incident_id: int) -> None:
    """Let one export of an incident at a time go on; the incident itself is not locked."""
    await tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('late_sheet', :id))"), {"id": incident_id}
    )


async def fact(tx: Tx, row: LateSheetEdition) -> LateSheetFact:
    """Return the wire shape of an edition, without its bytes."""
    papers = await tx.execute(
        text(
            "SELECT form, sha256 FROM late_sheet_paper WHERE sheet_id = :id ORDER BY form = 'json', form DESC"
        ),
        {"id": row.id},
    )
    return LateSheetFact(
        id=row.id or 0,
        incident_id=row.incident_id,
        receiver=cast("ReportNode", row.receiver) if row.receiver else None,
        edition=row.edition,
        made_at=row.made_at,
        made_by=row.made_by,
        content_sha256=row.content_sha256,
        proof=SheetProofFact.model_validate(row.proof),
        papers=[SheetPaperFact(**one) for one in papers.mappings()],
    )
