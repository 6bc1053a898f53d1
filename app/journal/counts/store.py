"""Count what the journal holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from app.db import Tx

_OF_DRILL = '"drill":true|"drill_id":[0-9]'  # as pydantic writes it; within a text quotes are escaped


async def count_span(
    tx: Tx, stream: str, scope: str, start: datetime, end: datetime, *, without: Sequence[int]
) -> list[tuple[str, int]]:
    """Return how many rows of each type were written in [start, end) that concern a scope's desk.

    `without`: the incidents of which the reader may know nothing. What a drill wrote is no figure.
    """
    rows = await tx.execute(
        text(
            """
            SELECT type, count(*) FROM journal
             WHERE stream = :stream AND at >= :start AND at < :end AND audience = 'desk'
               AND (incident_id IS NULL OR NOT incident_id = ANY(:without))
               AND EXISTS (SELECT 1 FROM unnest(region_codes) r WHERE r LIKE :scope || '%')
               AND CAST(body AS text) !~ :of_drill
             GROUP BY type ORDER BY type
            """
        ),
        {
            "stream": stream,
            "scope": scope,
            "start": start,
            "end": end,
            "without": list(without),
            "of_drill": _OF_DRILL,
        },
    )
    return [(str(row[0]), int(row[1])) for row in rows]
