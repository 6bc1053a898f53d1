"""Teams as dispatch sees them: wire shape and candidates for the recommendation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.facts import TeamFact
from app.dispatch.rules.recommend import Candidate
from app.dispatch.tables import ACTIVE_STATES
from app.org.rules.access import Viewer
from app.org.tables import Team

_FACT = """
SELECT t.id, t.name_zh, t.name_en, t.call_sign, t.kind, t.region_code, t.lon, t.lat, t.strength,
       t.capabilities, p.name_zh AS leader_name, p.phones[1] AS leader_phone, t.standby
  FROM team t LEFT JOIN person p ON p.id = t.leader_id AND p.active
"""
# The freshest position among the team's devices stands for the team.
_CANDIDATE = """
SELECT t.id, t.name_zh, t.call_sign, t.capabilities, t.standby,
       CASE WHEN i.restricted AND NOT :need_to_know
              OR i.readers <> '{}' AND NOT i.readers && CAST(:named AS text[])
            THEN '其他任务' ELSE i.number END AS committed_to,
       coalesce(pos.lon, t.lon) AS lon, coalesce(pos.lat, t.lat) AS lat, pos.true_at AS fixed_at,
       t.speed_kmh, t.standby_strength,
       EXISTS (SELECT 1 FROM assignment d WHERE d.team_id = t.id AND d.incident_id = :incident
                AND d.state = 'declined') AS declined_here
  FROM team t
  LEFT JOIN assignment a ON a.team_id = t.id AND a.state = ANY(:active)
  LEFT JOIN incident i ON i.id = a.incident_id
  LEFT JOIN LATERAL (
    SELECT lon, lat, true_at FROM position p WHERE p.team_id = t.id ORDER BY true_at DESC LIMIT 1
  ) pos ON true
 WHERE t.stream = :stream AND t.region_code LIKE :scope || '%'
   AND t.dispatchable AND t.capabilities && CAST(:wanted AS text[])
"""


def _fact(row: Any) -> TeamFact:
    return TeamFact(**row)


async def fact(tx: Tx, team_id: int) -> TeamFact:
    """Return the wire shape of one team."""
    return _fact((await tx.execute(text(_FACT + " WHERE t.id = :id"), {"id": team_id})).mappings().one())


async def facts(tx: Tx, stream: str) -> list[TeamFact]:
    """Return every team of the county that can be sent."""
    rows = await tx.execute(
        text(_FACT + " WHERE t.stream = :s AND t.dispatchable ORDER BY t.id"), {"s": stream}
    )
    return [_fact(row) for row in rows.mappings()]


async def locked(tx: Tx, stream: str, team_id: int) -> Team | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(Team)
        .where(col(Team.id) == team_id, col(Team.stream) == stream, col(Team.dispatchable))
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def candidates(tx: Tx, viewer: Viewer, incident_id: int, wanted: tuple[str, ...]) -> list[Candidate]:
    """Return the teams of the scope that have at least one wanted capability.

    What a team is committed to is named only to those who may know that incident.
    """
    rows = await tx.execute(
        text(_CANDIDATE),
        {
            "stream": viewer.stream,
            "incident": incident_id,
            "scope": viewer.scope,
            "need_to_know": viewer.may("see_restricted"),
            "named": viewer.names,
            "wanted": list(wanted),
            "active": list(ACTIVE_STATES),
        },
    )
    return [_candidate(*row) for row in rows]


def _candidate(  # the columns of _CANDIDATE, in order
    team_id: int,
    name: str,
    call_sign: str,
    capabilities: list[str],
    standby: bool,  # noqa: FBT001
    committed_to: str | None,
    lon: float | None,
    lat: float | None,
    fixed_at: datetime | None,
    speed_kmh: float,
    standby_strength: int,
    declined_here: bool,  # noqa: FBT001
) -> Candidate:
    return Candidate(
        team_id,
        name,
        call_sign,
        frozenset(capabilities),
        standby,
        committed_to,
        lon,
        lat,
        fixed_at,
        speed_kmh,
        standby_strength,
        declined_here,
    )
