"""Teams as dispatch sees them: wire shape and candidates for the recommendation."""

from __future__ import annotations

from typing import Any

from app.db import Tx, sql
from app.dispatch.facts import TeamFact
from app.org.tables import Team
from app.read_row import read_row

_FACT = """
SELECT t.id, t.name_zh, t.name_en, t.call_sign, t.kind, t.region_code,
       coalesce(f.lon, t.lon) AS lon, coalesce(f.lat, t.lat) AS lat, f.place AS stationed_at, t.strength,
       t.capabilities, p.name_zh AS leader_name, p.phones[1] AS leader_phone, t.standby
  FROM team t LEFT JOIN person p ON p.id = t.leader_id AND p.active
  LEFT JOIN forward_deployment f ON f.team_id = t.id AND f.ended_at IS NULL
"""


def _fact(row: Any) -> TeamFact:
    return TeamFact(**row)


async def fact(tx: Tx, team_id: int) -> TeamFact:
    """Return the wire shape of one team."""
    return _fact((await tx.execute(sql(_FACT + " WHERE t.id = :id"), {"id": team_id})).mappings().one())


async def facts(tx: Tx, stream: str) -> list[TeamFact]:
    """Return every team of the county that can be sent."""
    rows = await tx.execute(
        sql(_FACT + " WHERE t.stream = :s AND t.dispatchable ORDER BY t.id"), {"s": stream}
    )
    return [_fact(row) for row in rows.mappings()]


async def locked(tx: Tx, stream: str, team_id: int) -> Team | None:
    """Return the row, locked until commit; None if it is not in this county."""
    return await read_row(tx, Team, _LOCKED, {"id": team_id, "stream": stream})


_LOCKED = sql("SELECT * FROM team WHERE id = :id AND stream = :stream AND dispatchable FOR UPDATE")
