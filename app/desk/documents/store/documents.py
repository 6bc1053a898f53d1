"""The archive as people may read it: by place, by role, and as far as they may know its incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Tx
from app.desk.documents.facts import DocumentDetail, DocumentFact, DocumentFileFact
from app.desk.documents.rules.kinds import GUARDED, DocumentKind
from app.dispatch.secrecy.store import knowing, may_know
from app.org.rules.access import Viewer

_OF = """
SELECT d.id, d.kind, d.title, d.number, d.edition, d.drill, d.subject, d.region_code, d.unit, d.incident_ids,
       d.made_at, d.made_by, {content}
       NOT EXISTS (SELECT 1 FROM document n WHERE n.stream = d.stream AND n.region_code = d.region_code
                      AND n.kind = d.kind AND n.subject = d.subject AND n.edition > d.edition) AS latest,
       (SELECT count(*) FROM document_print p WHERE p.document_id = d.id) AS prints,
       (SELECT max(p.printed_at) FROM document_print p WHERE p.document_id = d.id) AS printed_at,
       (SELECT jsonb_agg(jsonb_build_object('form', f.form, 'sha256', f.sha256, 'bytes', length(f.data))
                         ORDER BY f.form) FROM document_file f WHERE f.document_id = d.id) AS files
  FROM document d
"""
_VISIBLE = f"""
 WHERE d.stream = :stream AND d.region_code LIKE :scope || '%'
   AND (CAST(:shelters AS boolean) OR NOT d.kind = ANY(:guarded))
   AND NOT EXISTS (SELECT 1 FROM unnest(d.incident_ids) AS about(id) WHERE NOT {may_know("about.id")})
"""  # noqa: S608
_BRIEF = _OF.format(content="")
_WHOLE = _OF.format(content="d.content,")


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for. `words` stand in title, number or issuer; `before` is the number read last."""

    kind: DocumentKind | None = None
    words: str = ""
    place: str = ""
    incident_id: int | None = None
    drill: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


async def listed(tx: Tx, by: Viewer, sought: Sought, limit: int) -> list[DocumentFact]:
    """Return documents that this person may read, the latest first."""
    wanted = " AND ".join(
        condition
        for asked, condition in (
            (sought.kind, "d.kind = :kind"),
            (
                sought.words,
                "position(lower(:words) IN lower(concat_ws(' ', d.title, d.number, d.unit))) > 0",
            ),
            (sought.place, "d.region_code LIKE :place || '%'"),
            (sought.incident_id, "d.incident_ids @> ARRAY[CAST(:incident AS bigint)]"),
            (sought.drill is not None, "d.drill = :drill"),
            (sought.since, "d.made_at >= :since"),
            (sought.until, "d.made_at < :until"),
            (sought.before, "d.id < :before"),
        )
        if asked
    )
    rows = await tx.execute(
        text(_BRIEF + _VISIBLE + (f" AND {wanted}" if wanted else "") + " ORDER BY d.id DESC LIMIT :limit"),
        {
            **_reader(by),
            "kind": sought.kind,
            "words": sought.words,
            "place": sought.place,
            "incident": sought.incident_id,
            "drill": sought.drill,
            "since": sought.since,
            "until": sought.until,
            "before": sought.before,
            "limit": limit,
        },
    )
    return [DocumentFact(**_told(row)) for row in rows.mappings()]


async def seen(tx: Tx, by: Viewer, document_id: int) -> DocumentDetail | None:
    """Return one document with its words, if this person may read it."""
    rows = await tx.execute(text(_WHOLE + _VISIBLE + " AND d.id = :id"), {**_reader(by), "id": document_id})
    row = rows.mappings().first()
    return DocumentDetail(**_told(row)) if row else None


async def fact(tx: Tx, document_id: int) -> DocumentFact:
    """Return a document that exists."""
    rows = await tx.execute(text(_BRIEF + " WHERE d.id = :id"), {"id": document_id})
    return DocumentFact(**_told(rows.mappings().one()))


def _told(row: Any) -> dict[str, Any]:
    told = dict(row)
    about = told["incident_ids"]
    told["files"] = [DocumentFileFact(**one) for one in told["files"] or ()]
    return {**told, "incident_id": about[0] if len(about) == 1 else None}


def _reader(by: Viewer) -> dict[str, Any]:
    return {
        "stream": by.stream,
        "scope": by.scope,
        "shelters": by.may("keep_shelters"),
        "guarded": list(GUARDED),
        **knowing(by),
    }
