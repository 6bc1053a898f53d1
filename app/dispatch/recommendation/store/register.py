"""The whole register of teams and their positions, as columns for the index of nearby units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.db import Tx, sql

_TEAMS = """
SELECT t.id, t.region_code, t.speed_kmh, t.capabilities,
       coalesce(f.lon, t.lon) AS lon, coalesce(f.lat, t.lat) AS lat, t.kind
  FROM team t LEFT JOIN forward_deployment f ON f.team_id = t.id AND f.ended_at IS NULL
 WHERE t.stream = :stream AND t.dispatchable
 ORDER BY t.id
"""
# As three columns: a hundred thousand rows would hold everybody up while each becomes an object.
_POSITIONS = """
SELECT array_agg(team_id) AS ids, array_agg(lon) AS lon, array_agg(lat) AS lat, max(head) AS head FROM (
  SELECT DISTINCT ON (team_id) team_id, lon, lat, max(heard_at) OVER () AS head
    FROM position
   WHERE stream = :stream AND team_id IS NOT NULL AND heard_at > coalesce(:since, '-infinity'::timestamptz)
   ORDER BY team_id, true_at DESC
) freshest
"""
_CHANGED = """
SELECT h.seq AS head, EXISTS (
         SELECT 1 FROM journal j WHERE j.stream = h.stream AND j.seq > :cursor
            AND (j.type LIKE 'team.%' OR j.type LIKE 'equipment.%' OR j.type LIKE 'outside_team.%')
       ) AS changed
  FROM journal_head h WHERE h.stream = :stream
"""


async def teams(tx: Tx, stream: str) -> Sequence[Any]:
    """Return every team that can be sent, where it is stationed, in order of its number."""
    return (await tx.execute(sql(_TEAMS), {"stream": stream})).all()


async def positions(tx: Tx, stream: str, since: datetime | None) -> Any:
    """Return the freshest position of each team heard after an instant, as columns `ids`, `lon` and `lat`.

    `head` is the newest of all, None if nothing was heard.
    """
    return (await tx.execute(sql(_POSITIONS), {"stream": stream, "since": since})).one()


async def changed_after(tx: Tx, stream: str, cursor: int) -> tuple[int, bool]:
    """Return the journal's end and whether an entry after a cursor changed a team or its equipment."""
    row = (await tx.execute(sql(_CHANGED), {"stream": stream, "cursor": cursor})).first()
    return (0, True) if row is None else (row.head, row.changed)


async def some_place(tx: Tx, stream: str) -> tuple[float, float] | None:
    """Return where one of the county's teams is at home: a place with a road."""
    found = await tx.execute(
        sql(
            "SELECT lon, lat FROM team WHERE stream = :stream AND lon IS NOT NULL AND lat IS NOT NULL"
            " ORDER BY id LIMIT 1"
        ),
        {"stream": stream},
    )
    row = found.one_or_none()
    return None if row is None else (row.lon, row.lat)
