"""How a row is told in the archive: as the timeline says it, else as the duty log, else by its names."""

from __future__ import annotations

import json

import structlog

from app.desk import timeline
from app.desk.archive.rules import words_of
from app.desk.log.rules.words import TOLD_BY_HOUSE, said
from app.journal.store import JournalRow

log = structlog.get_logger()


def told(row: JournalRow) -> tuple[str, str]:
    """Return the words in both languages; of a shape of years ago that nobody knows any more its kind."""
    try:
        return _told(row)
    except (KeyError, TypeError, ValueError) as error:
        log.warning("archive_row_unread", seq=row.seq, type=row.type, error=repr(error))
        return row.type, row.type


def _told(row: JournalRow) -> tuple[str, str]:
    (line,) = timeline.lines([row])
    if not line.zh.startswith(row.type):
        return line.zh, line.en
    body = json.loads(row.body)
    if row.type in TOLD_BY_HOUSE:
        one = said(row.type, body)
        return one.zh, one.en
    names = words_of(row.type, body)
    return names, names
