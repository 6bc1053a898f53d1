"""Every SQL statement of replays."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx, sql
from app.journal import store as journal
from app.journal.store import JournalRow

_WINDOW = sql(
    """
    SELECT stream, seq, at, type, region_codes, team_ids, restricted, readers, audience, incident_id,
           CAST(body AS text), hash, algorithm
      FROM journal
     WHERE stream = :stream AND at >= :start AND at < :end ORDER BY seq LIMIT :most
    """
)
# Incidents and alarms that were open when the window began, with all that was written of them; and what was
# written of teams in the month before.
_PRIOR = sql(
    """
    WITH told AS (
      SELECT j.seq FROM incident i JOIN journal j ON j.stream = i.stream AND j.incident_id = i.id
       WHERE i.stream = :stream AND i.opened_at < :start AND (i.closed_at IS NULL OR i.closed_at >= :start)
      UNION
      SELECT j.seq FROM alarm a
        JOIN journal j ON CAST(j.body->'alarm'->>'id' AS bigint) = a.id
                      AND j.type LIKE 'alarm.%' AND j.stream = a.stream
       WHERE a.stream = :stream AND a.first_heard_at < :start
         AND (a.settled_at IS NULL OR a.settled_at >= :start)
      UNION
      SELECT seq FROM journal
       WHERE stream = :stream AND at >= :month_ago AND at < :start AND type LIKE 'team.%'
    )
    SELECT stream, seq, at, type, region_codes, team_ids, restricted, readers, audience, incident_id,
           CAST(body AS text), hash, algorithm
      FROM journal
     WHERE stream = :stream AND seq < :before AND seq IN (SELECT seq FROM told)
     ORDER BY seq LIMIT :most
    """
)
_NEXT_SEQ = sql(
    """
    SELECT coalesce(
      (SELECT min(seq) FROM journal WHERE stream = :stream AND at >= :start),
      (SELECT seq + 1 FROM journal_head WHERE stream = :stream), 1)
    """
)


async def window(tx: Tx, stream: str, start: datetime, end: datetime, most: int) -> list[JournalRow]:
    """Return the rows written in [start, end), in order, at most `most`."""
    told = {"stream": stream, "start": start, "end": end, "most": most}
    return [journal.row_of(row) for row in await tx.execute(_WINDOW, told)]


async def prior(tx: Tx, stream: str, start: datetime, most: int) -> list[JournalRow]:
    """Return what was written before `start` of that which was open then, in order, at most `most`."""
    before = await tx.scalar(_NEXT_SEQ, {"stream": stream, "start": start})
    told = {
        "stream": stream,
        "start": start,
        "before": before,
        "month_ago": start - timedelta(days=31),
        "most": most,
    }
    return [journal.row_of(row) for row in await tx.execute(_PRIOR, told)]
