"""The archive: a document once, its bytes for ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.filing.tables import Document, DocumentFile, DocumentPrint


@dataclass(frozen=True, slots=True)
class Filing:
    """What is filed: of what, for which desk, and the words on the paper."""

    stream: str
    region_code: str
    kind: str
    subject: str
    number: str
    title: str
    unit: str
    content: Mapping[str, Any]
    incident_ids: Sequence[int] = field(default_factory=tuple)
    drill: bool = False
    template: str = ""

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the words on the paper, and of who has them."""
        told = json.dumps([self.content, self.drill], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


async def hold(tx: Tx, filing: Filing) -> None:
    """Let nobody else file a document of the same subject until commit."""
    name = f"document {filing.stream} {filing.region_code} {filing.kind} {filing.subject}"
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


async def same(tx: Tx, filing: Filing) -> Document | None:
    """Return the document that has these very words, None if there is none yet."""
    found = await tx.execute(
        select(Document).where(*_subject(filing), col(Document.fingerprint) == filing.fingerprint)
    )
    return found.scalar_one_or_none()


async def latest(tx: Tx, filing: Filing) -> Document | None:
    """Return the latest edition of a subject, None if nothing of it was filed."""
    found = await tx.execute(
        select(Document).where(*_subject(filing)).order_by(col(Document.edition).desc()).limit(1)
    )
    return found.scalar_one_or_none()


async def keep(
    tx: Tx, filing: Filing, files: Mapping[str, bytes], by: str, now: datetime, edition: int
) -> Document:
    """Keep a document with its files (bytes by form) and their SHA-256."""
    row = Document(
        stream=filing.stream,
        region_code=filing.region_code,
        kind=filing.kind,
        subject=filing.subject,
        edition=edition,
        fingerprint=filing.fingerprint,
        number=filing.number,
        title=filing.title,
        unit=filing.unit,
        drill=filing.drill,
        incident_ids=sorted(set(filing.incident_ids)),
        content=dict(filing.content),
        made_at=now,
        made_by=by,
        template=filing.template,
    )
    tx.add(row)
    await tx.flush()
    for form, data in files.items():
        digest = hashlib.sha256(data).hexdigest()
        tx.add(DocumentFile(document_id=row.id or 0, form=form, sha256=digest, data=data))
    await tx.flush()
    return row


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of the archive."""

    edition: int
    form: str
    sha256: str
    made_at: datetime


async def files_of(tx: Tx, kinds: Sequence[str], subject: str) -> list[Kept]:
    """Return every file kept of a subject, without the bytes, the first edition first."""
    rows = await tx.execute(
        text(
            "SELECT d.edition, f.form, f.sha256, d.made_at FROM document d"
            " JOIN document_file f ON f.document_id = d.id"
            " WHERE d.kind = ANY(:kinds) AND d.subject = :subject"
            " ORDER BY d.edition, f.form"
        ),
        {"kinds": list(kinds), "subject": subject},
    )
    return [Kept(**one) for one in rows.mappings()]


async def latest_file(tx: Tx, kinds: Sequence[str], subject: str, form: str) -> DocumentFile | None:
    """Return the latest edition of a subject in a form, with its bytes."""
    found = await tx.execute(
        select(DocumentFile)
        .join(Document, col(Document.id) == col(DocumentFile.document_id))
        .where(
            col(Document.kind).in_(kinds),
            col(Document.subject) == subject,
            col(DocumentFile.form) == form,
        )
        .order_by(col(Document.edition).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def bytes_of(tx: Tx, kinds: Sequence[str], subject: str, edition: int) -> dict[str, bytes]:
    """Return the files of an edition of a subject by form."""
    found = await tx.execute(
        select(DocumentFile)
        .join(Document, col(Document.id) == col(DocumentFile.document_id))
        .where(
            col(Document.kind).in_(kinds), col(Document.subject) == subject, col(Document.edition) == edition
        )
    )
    return {one.form: one.data for one in found.scalars()}


async def file(tx: Tx, document_id: int, form: str) -> DocumentFile | None:
    """Return the bytes of a document in a form; None: it was not made in that form."""
    return await tx.get(DocumentFile, (document_id, form))


async def note_print(
    tx: Tx, document_id: int, form: str, by: str, account_id: int | None, now: datetime
) -> None:
    """Note that somebody took a document out."""
    tx.add(
        DocumentPrint(
            document_id=document_id, form=form, printed_at=now, printed_by=by, account_id=account_id
        )
    )
    await tx.flush()


def _subject(filing: Filing) -> tuple[Any, ...]:
    return (
        col(Document.stream) == filing.stream,
        col(Document.region_code) == filing.region_code,
        col(Document.kind) == filing.kind,
        col(Document.subject) == filing.subject,
    )
