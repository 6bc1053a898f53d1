"""Teams as the recommendation sees them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.db import Tx
from app.dispatch.recommendation.rules.allocate import Held
from app.dispatch.recommendation.rules.candidate import Candidate
from app.dispatch.recommendation.rules.move_up import Place
from app.dispatch.recommendation.rules.staffing import Mark, Word, staffing
from app.dispatch.tables import ACTIVE_STATES
from app.duty.standby.store import words
from app.org.rules.access import Viewer

A_DAY = timedelta(hours=24)
# The freshest position among a team's devices stands for the team, then where it is stationed now, then home.
_CANDIDATE = """
SELECT t.id, t.name_zh, t.call_sign, t.kind, t.region_code, t.capabilities, t.speed_kmh,
       t.standby, t.standby_at, t.standby_strength,
       CASE WHEN i.restricted AND NOT :need_to_know THEN '其他任务' ELSE i.number END AS committed_to,
       i.id AS incident_id,
       coalesce(pos.lon, f.lon, t.lon) AS lon, coalesce(pos.lat, f.lat, t.lat) AS lat,
       pos.true_at AS fixed_at,
       coalesce(f.place, '') AS forward, f.region_code AS stationed_in,
       work.released_at, coalesce(work.jobs, 0) AS jobs,
       coalesce(CAST(:incidents AS bigint[]) && work.declined, false) AS declined_here
  FROM team t
  LEFT JOIN assignment a ON a.team_id = t.id AND a.state = ANY(:active)
  LEFT JOIN incident i ON i.id = a.incident_id
  LEFT JOIN forward_deployment f ON f.team_id = t.id AND f.ended_at IS NULL AND f.starts_at <= :now
  LEFT JOIN LATERAL (
    SELECT lon, lat, true_at FROM position p WHERE p.team_id = t.id ORDER BY true_at DESC LIMIT 1
  ) pos ON true
  LEFT JOIN LATERAL (
    SELECT max(w.task_done_at) AS released_at, array_agg(w.incident_id) FILTER (WHERE w.state = 'declined')
             AS declined,
           count(*) FILTER (WHERE w.assigned_at > :day_ago AND w.acknowledged_at IS NOT NULL
                              AND w.state = 'task_done') AS jobs
      FROM assignment w WHERE w.team_id = t.id AND w.assigned_at > :long_ago
  ) work ON true
 WHERE t.stream = :stream AND t.region_code LIKE :scope || '%' AND t.dispatchable
"""
# People who are out: by name on the standby list of a team that is out, else as its members. What
# counts is in how many other teams each of them stands.
_ELSEWHERE = """
WITH away AS (
  SELECT DISTINCT team_id FROM assignment WHERE stream = :stream AND state = ANY(:active)
), out AS (
  SELECT w.team_id, p.person_id
    FROM away w JOIN standby_list l ON l.team_id = w.team_id AND l.day = :day
    JOIN standby_person p ON p.list_id = l.id AND p.state <> 'struck' AND p.person_id IS NOT NULL
  UNION
  SELECT w.team_id, m.person_id FROM away w JOIN team_member m ON m.team_id = w.team_id
   WHERE NOT EXISTS (SELECT 1 FROM standby_list l WHERE l.team_id = w.team_id AND l.day = :day)
)
SELECT x.team_id, count(DISTINCT o.person_id) AS gone
  FROM out o
  JOIN LATERAL (
    SELECT l.team_id FROM standby_person p JOIN standby_list l ON l.id = p.list_id
     WHERE p.person_id = o.person_id AND p.day = :day AND p.state <> 'struck'
    UNION
    SELECT m.team_id FROM team_member m WHERE m.person_id = o.person_id
       AND NOT EXISTS (SELECT 1 FROM standby_list l WHERE l.team_id = m.team_id AND l.day = :day)
  ) x ON x.team_id <> o.team_id
 GROUP BY x.team_id
"""
_PLACES = """
SELECT left(r.code, 9) AS code, r.name_zh AS name, r.lon, r.lat FROM region r
 WHERE r.code LIKE :scope || '%' AND r.code LIKE '%000' AND r.code NOT LIKE '%000000'
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom, when, and for which incidents; `team_ids` None asks for every team of the scope."""

    viewer: Viewer
    now: datetime
    day: date
    incident_ids: tuple[int, ...]
    capabilities: tuple[str, ...]
    team_ids: Sequence[int] | None = None


async def candidates(tx: Tx, asked: Asked) -> list[Candidate]:
    """Return the teams of the scope that have one of the capabilities (any team when none is named).

    What a team is committed to is named only to those who may know that incident.
    """
    query = _CANDIDATE
    if asked.capabilities:
        query += " AND t.capabilities && CAST(:wanted AS text[])"
    if asked.team_ids is not None:
        query += " AND t.id = ANY(:teams)"
    viewer = asked.viewer
    known = {
        "stream": viewer.stream,
        "scope": viewer.scope,
        "need_to_know": viewer.may("see_restricted"),
        "wanted": list(asked.capabilities),
        "teams": list(asked.team_ids or ()),
        "incidents": list(asked.incident_ids),
        "active": list(ACTIVE_STATES),
        "now": asked.now,
        "day_ago": asked.now - A_DAY,
        "long_ago": asked.now - 7 * A_DAY,
    }
    rows = (await tx.execute(text(query), known)).mappings().all()
    ids = [row["id"] for row in rows]
    named = await words.named(tx, ids, asked.day)
    returned = await words.returned(tx, ids, asked.day)
    gone = await _elsewhere(tx, viewer.stream, asked.day)
    here = set(asked.incident_ids)
    return [_candidate(row, here, named, returned, gone.get(row["id"], 0)) for row in rows]


async def _elsewhere(tx: Tx, stream: str, day: date) -> dict[int, int]:
    rows = await tx.execute(text(_ELSEWHERE), {"stream": stream, "day": day, "active": list(ACTIVE_STATES)})
    return {row.team_id: row.gone for row in rows}


def _candidate(
    row: Any, here: Collection[int], named: dict[int, words.Told], returned: dict[int, words.Told], gone: int
) -> Candidate:
    team = row["id"]
    mark = Mark(row["standby"], row["standby_at"], row["standby_strength"])
    is_here = row["incident_id"] in here
    return Candidate(
        team_id=team,
        name=row["name_zh"],
        call_sign=row["call_sign"],
        kind=row["kind"],
        region_code=row["stationed_in"] or row["region_code"],
        capabilities=frozenset(row["capabilities"]),
        staffing=staffing(mark, _word(named.get(team)), _word(returned.get(team)), gone),
        committed_to=None if is_here else row["committed_to"],
        lon=row["lon"],
        lat=row["lat"],
        fixed_at=row["fixed_at"],
        speed_kmh=row["speed_kmh"],
        declined_here=row["declined_here"],
        here=is_here,
        released_at=row["released_at"],
        jobs=row["jobs"],
        forward=row["forward"],
    )


def _word(told: words.Told | None) -> Word | None:
    return None if told is None else Word(told.people, told.at)


async def held(tx: Tx, incident_id: int) -> tuple[Held, ...]:
    """Return what the teams bring that are out for an incident already."""
    rows = await tx.execute(
        text(
            "SELECT t.capabilities,"
            "       CASE WHEN t.standby_strength > 0 THEN t.standby_strength ELSE t.strength END AS people"
            "  FROM assignment a JOIN team t ON t.id = a.team_id"
            " WHERE a.incident_id = :id AND a.state = ANY(:active)"
        ),
        {"id": incident_id, "active": list(ACTIVE_STATES)},
    )
    return tuple(Held(frozenset(row.capabilities), row.people) for row in rows)


async def places(tx: Tx, scope: str) -> dict[str, Place]:
    """Return the townships of a scope by their 9-digit code."""
    rows = await tx.execute(text(_PLACES), {"scope": scope})
    return {row.code: Place(row.code, row.name, row.lon, row.lat) for row in rows}
