"""Look something up in what was written down."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from app.db import Tx
from app.desk.archive import store
from app.desk.archive.facts import ArchiveFound, ArchiveLineFact
from app.desk.archive.rules import NothingAsked, question
from app.desk.archive.saying import told
from app.dispatch.secrecy import store as secrecy
from app.journal import store as journal
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput

PAGE = 50
PART = 200
MOST_PARTS = 10  # who may see little asks long


async def find(tx: Tx, by: Viewer, text: str, before: int | None, zone: ZoneInfo) -> ArchiveFound:
    """Return the newest rows with all the words that this person may see.

    Raises InvalidInput, NotPermitted.
    """
    require(by, "see_desk")
    try:
        asked = question(text, zone)
    except NothingAsked:
        raise InvalidInput(
            FieldFault(
                "words",
                "请写一至六个词,每个至少两个字;可另加年、月或日,如:东岸村 2025",
                "one to six words of two characters at least; a year, month or day may stand beside them",
            )
        ) from None
    sealed = await secrecy.sealed(tx, by.stream)
    lines: list[ArchiveLineFact] = []
    more = True
    for _ in range(MOST_PARTS):
        rows = await store.find(tx, by.stream, asked, before, PART)
        for row, number in rows:
            before = row.seq
            if len(lines) == PAGE:
                break
            if sealed.shows(by, row):
                zh, en = told(row)
                lines.append(
                    ArchiveLineFact(
                        seq=row.seq,
                        at=row.at,
                        type=row.type,
                        zh=zh,
                        en=en,
                        incident_id=row.incident_id,
                        incident_number=number,
                    )
                )
        if len(lines) == PAGE or not rows:
            more = bool(rows)
            break
    behind = await journal.head(tx, by.stream) - await store.done(tx, by.stream)
    return ArchiveFound(lines=lines, more=more, behind=behind)
