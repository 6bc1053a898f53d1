"""The register of loudspeakers, as a person may read it."""

from __future__ import annotations

from sqlalchemy import text

from app.broadcast.speaker_facts import SpeakerFact, SpeakerPageFact
from app.broadcast.tables import BroadcastTerminal
from app.db import Tx
from app.org.rules.access import Viewer

_PATH = """(SELECT string_agg(g.name_zh, '' ORDER BY g.code) FROM region g
   WHERE g.code IN (left(r.code, 9) || '000', r.code) AND right(g.code, 6) <> '000000')"""
_WHERE = """
 FROM broadcast_terminal t JOIN region r ON r.code = t.region_code
 LEFT JOIN broadcast_peer p ON p.id = t.peer_id
 LEFT JOIN broadcast_repair f ON f.terminal_id = t.id AND f.done_at IS NULL
WHERE t.stream = :stream AND t.region_code LIKE :scope || '%' AND t.region_code LIKE :region || '%'
  AND (:words = '' OR t.name LIKE '%' || :words || '%' OR t.resource_code LIKE :words || '%')
"""


async def page(
    tx: Tx,
    by: Viewer,
    *,
    region: str = "",
    state: str = "",
    words: str = "",
    offset: int = 0,
    limit: int = 100,
) -> SpeakerPageFact:
    """Return a page of the terminals of a scope, those at fault first, and how many are in each state."""
    told = {
        "stream": by.stream,
        "scope": by.scope,
        "region": region,
        "words": words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"),
    }
    counts = await tx.execute(text(f"SELECT t.state, count(*) {_WHERE} GROUP BY t.state"), told)
    by_state = {str(row[0]): int(row[1]) for row in counts}
    rows = await tx.execute(
        text(
            f"SELECT t.id, t.resource_code, t.name, t.region_code, {_PATH} AS path, t.kind, t.state, "
            "t.state_words, t.state_at, t.return_capable, t.real, t.drills, coalesce(p.name, '') AS peer, "
            f"f.due_at AS repair_due_at {_WHERE} AND (:state = '' OR t.state = :state) "
            "ORDER BY array_position(ARRAY['fault', 'stopped', 'unknown'], t.state::text), "
            "t.region_code, t.id OFFSET :offset LIMIT :limit"
        ),
        {**told, "state": state, "offset": offset, "limit": limit},
    )
    return SpeakerPageFact(
        total=by_state.get(state, 0) if state else sum(by_state.values()),
        counts=by_state,
        terminals=[SpeakerFact(**row) for row in rows.mappings()],
    )


async def terminal(tx: Tx, by: Viewer, terminal_id: int) -> BroadcastTerminal | None:
    """Return a terminal of the scope, or None."""
    row = await tx.get(BroadcastTerminal, terminal_id)
    if row is None or row.stream != by.stream or not by.covers(row.region_code):
        return None
    return row


async def in_repair(tx: Tx, terminal_id: int) -> bool:
    """Say whether a terminal has an open repair; nobody else opens one until commit."""
    await tx.execute(text("SELECT 1 FROM broadcast_terminal WHERE id = :id FOR UPDATE"), {"id": terminal_id})
    found = await tx.scalar(
        text("SELECT EXISTS (SELECT 1 FROM broadcast_repair WHERE terminal_id = :id AND done_at IS NULL)"),
        {"id": terminal_id},
    )
    return bool(found)


async def others_live(tx: Tx, row: BroadcastTerminal) -> int:
    """Return how many other loudspeakers of the village live."""
    found = await tx.scalar(
        text(
            "SELECT count(*) FROM broadcast_terminal WHERE stream = :stream AND region_code = :region "
            "AND id <> :id AND kind <> 'station' AND state IN ('running', 'recovered', 'broadcasting')"
        ),
        {"stream": row.stream, "region": row.region_code, "id": row.id},
    )
    return int(found or 0)


async def mark(tx: Tx, by: Viewer, region: str, *, drills: bool) -> int:
    """Mark the terminals at or below a place for drills, or not; return how many that changed."""
    found = await tx.execute(
        text(
            "UPDATE broadcast_terminal SET drills = :drills WHERE stream = :stream "
            "AND region_code LIKE :scope || '%' AND region_code LIKE :region || '%' AND drills <> :drills "
            "RETURNING id"
        ),
        {"stream": by.stream, "scope": by.scope, "region": region, "drills": drills},
    )
    return len(found.all())
