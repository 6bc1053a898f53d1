"""Free texts: rows and wire shapes, as far as the reader may know what they tell of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.desk.documents.facts import DocumentTextBrief, DocumentTextFact
from app.desk.documents.tables import DocumentDraft
from app.dispatch.secrecy.store import knowing, may_know
from app.org.rules.access import Viewer

_BRIEF = frozenset(DocumentTextBrief.model_fields)
_OWN = frozenset(DocumentTextFact.model_fields)
_VISIBLE = f"""
SELECT d.id FROM document_draft d WHERE d.stream = :stream AND d.region_code LIKE :scope || '%'
   AND {may_know("d.incident_id")}
   AND NOT EXISTS (SELECT 1 FROM unnest(d.about_ids) AS about(id) WHERE NOT {may_know("about.id")})
"""  # noqa: S608


async def listed(tx: Tx, by: Viewer, states: Sequence[str], limit: int) -> list[DocumentTextFact]:
    """Return the texts of a scope in these states, the latest first."""
    found = await tx.execute(
        text(_VISIBLE + " AND d.state = ANY(:states) ORDER BY d.id DESC LIMIT :limit"),
        {**_reader(by), "states": list(states), "limit": limit},
    )
    ids = [row.id for row in found]
    rows = await tx.execute(
        select(DocumentDraft).where(col(DocumentDraft.id).in_(ids)).order_by(col(DocumentDraft.id).desc())
    )
    return [fact(row) for row in rows.scalars()]


async def visible(tx: Tx, by: Viewer, draft_id: int, *, lock: bool = False) -> DocumentDraft | None:
    """Return a text this person may read, locked until commit if asked."""
    row = await tx.get(DocumentDraft, draft_id, with_for_update=lock or None, populate_existing=lock)
    if row is None or row.stream != by.stream:
        return None
    known = await tx.scalar(text(_VISIBLE + " AND d.id = :id"), {**_reader(by), "id": draft_id})
    return row if known is not None else None


async def of_day(tx: Tx, stream: str, region_code: str, day: date, *, drill: bool) -> DocumentDraft | None:
    """Return a desk's brief of a day that was not dropped."""
    found = await tx.execute(
        select(DocumentDraft)
        .where(
            col(DocumentDraft.stream) == stream,
            col(DocumentDraft.region_code) == region_code,
            col(DocumentDraft.kind) == "daily_brief",
            col(DocumentDraft.day) == day,
            col(DocumentDraft.drill) == drill,
            col(DocumentDraft.state) != "dropped",
        )
        .limit(1)
    )
    return found.scalar_one_or_none()


def brief(row: DocumentDraft) -> DocumentTextBrief:
    """Return a text as the log needs it."""
    return DocumentTextBrief(**row.model_dump(include=set(_BRIEF)))


def fact(row: DocumentDraft) -> DocumentTextFact:
    """Return a text with everything there is of it."""
    return DocumentTextFact(**row.model_dump(include=set(_OWN)))


def _reader(by: Viewer) -> dict[str, Any]:
    return {"stream": by.stream, "scope": by.scope, **knowing(by)}
