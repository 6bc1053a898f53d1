"""A document is taken out of the archive."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.desk.documents.facts import DocumentFact
from app.desk.documents.store import documents
from app.filing.store import archive
from app.org.rules.access import Viewer, require
from app.refusals import NotFound


async def note(tx: Tx, by: Viewer, document_id: int, form: str, now: datetime) -> DocumentFact:
    """Count a print; the journal does not tell of it. Raises NotFound, NotPermitted."""
    require(by, "see_desk")
    if await documents.seen(tx, by, document_id) is None:
        raise NotFound("该文书", "document")
    await archive.note_print(tx, document_id, form, by.name, by.account_id, now)
    return await documents.fact(tx, document_id)
