"""Every SQL statement about the words of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from app.db import Tx, sql
from app.desk.archive.rules import Question, grams
from app.journal.concern import Concern
from app.journal.store import JournalRow

_DONE = sql("SELECT coalesce(max(seq), 0) FROM archive_line WHERE stream = :stream")
_FIND = sql(
    """
SELECT j.stream, j.seq, j.at, j.type, j.region_codes, j.team_ids, j.restricted, j.readers, j.audience,
       j.incident_id, CAST(j.body AS text), i.number
  FROM (SELECT l.stream, l.seq FROM archive_line l
         WHERE l.stream = :stream AND l.grams @> CAST(:grams AS int[])
           AND l.words ILIKE ALL(CAST(:likes AS text[]))
           AND (CAST(:start AS timestamptz) IS NULL OR l.at >= :start)
           AND (CAST(:end AS timestamptz) IS NULL OR l.at < :end)
           AND (CAST(:before AS bigint) IS NULL OR l.seq < :before)
         ORDER BY l.seq DESC LIMIT :most) found
  JOIN journal j ON j.stream = found.stream AND j.seq = found.seq
  LEFT JOIN incident i ON i.id = j.incident_id
 WHERE j.audience = 'desk'
 ORDER BY j.seq DESC
"""
)


async def done(tx: Tx, stream: str) -> int:
    """Return up to which row of the journal the words are written."""
    return int(await tx.scalar(_DONE, {"stream": stream}) or 0)


async def put(tx: Tx, lines: Iterable[tuple[str, int, datetime, str]]) -> None:
    """Write the words of rows, all at once."""
    rows = [(*line, grams(line[3])) for line in lines]
    connection: Any = await (await tx.connection()).get_raw_connection()
    await connection.driver_connection.copy_records_to_table(
        "archive_line", records=rows, columns=("stream", "seq", "at", "words", "grams")
    )


async def find(
    tx: Tx, stream: str, asked: Question, before: int | None, most: int
) -> list[tuple[JournalRow, str]]:
    """Return the newest rows that have all the words, each with its incident's number."""
    wanted = sorted({gram for word in asked.words for gram in grams(word)})
    found = await tx.execute(
        _FIND,
        {
            "stream": stream,
            "grams": wanted,
            "likes": [f"%{_plain(word)}%" for word in asked.words],
            "start": asked.start,
            "end": asked.end,
            "before": before,
            "most": most,
        },
    )
    return [(_row(row), row[11] or "") for row in found]


def _row(row: Sequence[Any]) -> JournalRow:
    concern = Concern(tuple(row[4]), tuple(row[5]), row[6], audience=row[8], readers=tuple(row[7]))
    return JournalRow(row[0], row[1], row[2], row[3], concern, row[10], incident_id=row[9])


def _plain(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
