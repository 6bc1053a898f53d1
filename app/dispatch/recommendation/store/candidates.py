"""Teams as the recommendation sees them: one statement for everything that is known of them tonight."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.db import Tx, plan_once, sql
from app.dispatch.exercise import store as parties
from app.dispatch.forces.rules.fitness import Fitness, Needs, fitness
from app.dispatch.forces.store.teams import pieced
from app.dispatch.recommendation.rules.candidate import Candidate
from app.dispatch.recommendation.rules.move_up import Place
from app.dispatch.recommendation.rules.staffing import Mark, Word, staffing
from app.dispatch.tables import ACTIVE_STATES
from app.org.rules.access import Viewer

A_DAY = timedelta(hours=24)
# People who are out: by name on the standby list of a team that is out, else as its members. What counts is
# in how many other teams each of them stands.
_GONE = """
WITH away AS (
  SELECT DISTINCT team_id FROM assignment
   WHERE stream = :stream AND state = ANY(:active) AND (NOT drill OR :drill)
), out AS (
  SELECT w.team_id, p.person_id
    FROM away w JOIN standby_list l ON l.team_id = w.team_id AND l.day = :day
    JOIN standby_person p ON p.list_id = l.id AND p.state <> 'struck' AND p.person_id IS NOT NULL
  UNION
  SELECT w.team_id, m.person_id FROM away w JOIN team_member m ON m.team_id = w.team_id
   WHERE NOT EXISTS (SELECT 1 FROM standby_list l WHERE l.team_id = w.team_id AND l.day = :day)
), gone AS (
  SELECT x.team_id, count(DISTINCT o.person_id) AS people
    FROM out o
    JOIN LATERAL (
      SELECT l.team_id FROM standby_person p JOIN standby_list l ON l.id = p.list_id
       WHERE p.person_id = o.person_id AND p.day = :day AND p.state <> 'struck'
      UNION
      SELECT m.team_id FROM team_member m WHERE m.person_id = o.person_id
         AND NOT EXISTS (SELECT 1 FROM standby_list l WHERE l.team_id = m.team_id AND l.day = :day)
    ) x ON x.team_id <> o.team_id
   GROUP BY x.team_id
)
"""
# One array of numbers, not a subquery: the planner then fetches those teams and looks at no others.
# The freshest position among a team's devices stands for the team, then where it is stationed now, then home.
# Somebody trained on a piece is on duty unless he left, is on leave, is out with another team, or does not
# stand on the team's list of today where there is one that names people of the register.
# A standby list without a single name says nothing yet; one whose names were all struck says: nobody.
_CANDIDATE = """
SELECT t.id, t.name_zh, t.call_sign, t.kind, t.region_code, t.capabilities, t.speed_kmh,
       t.standby, t.standby_at, t.standby_strength, t.strength,
       CASE WHEN i.restricted AND NOT :need_to_know
              OR i.readers <> '{}' AND NOT i.readers && CAST(:named AS text[])
            THEN '其他任务' ELSE i.number END AS committed_to,
       i.id AS incident_id,
       coalesce(pos.lon, f.lon, t.lon) AS lon, coalesce(pos.lat, f.lat, t.lat) AS lat,
       pos.true_at AS fixed_at, coalesce(f.place, '') AS forward, f.region_code AS stationed_in,
       work.released_at, coalesce(work.jobs, 0) AS jobs,
       coalesce(CAST(:incidents AS bigint[]) && work.declined, false) AS declined_here,
       named.people AS named, named.at AS named_at, r.on_post AS returned, r.returned_at,
       coalesce(gone.people, 0) AS gone, kept.pieces
  FROM team t
  LEFT JOIN assignment a ON a.team_id = t.id AND a.state = ANY(:active) AND (NOT a.drill OR :drill)
  LEFT JOIN incident i ON i.id = a.incident_id
  LEFT JOIN forward_deployment f ON f.team_id = t.id AND f.ended_at IS NULL AND f.starts_at <= :now
  LEFT JOIN readiness_return r ON r.team_id = t.id AND r.day = :day
  LEFT JOIN gone ON gone.team_id = t.id
  LEFT JOIN LATERAL (
    SELECT lon, lat, true_at FROM position p WHERE p.team_id = t.id ORDER BY true_at DESC LIMIT 1
  ) pos ON true
  LEFT JOIN LATERAL (
    SELECT max(w.task_done_at) AS released_at,
           array_agg(w.incident_id) FILTER (WHERE w.state = 'declined') AS declined,
           count(*) FILTER (WHERE w.assigned_at > :day_ago AND w.state = 'task_done') AS jobs
      FROM assignment w
      WHERE w.team_id = t.id AND w.assigned_at > :long_ago AND (NOT w.drill OR :drill)
  ) work ON true
  LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE p.state <> 'struck') AS people, count(p.person_id) AS registered,
           greatest(max(p.named_at), max(p.struck_at)) AS at
      FROM standby_list l JOIN standby_person p ON p.list_id = l.id
     WHERE l.team_id = t.id AND l.day = :day
  ) named ON named.at IS NOT NULL
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object(
             'kind', e.kind, 'name', e.name, 'readiness', e.readiness,
             'operators', cardinality(e.operator_ids), 'on_duty', (
               SELECT count(*) FROM person p WHERE p.id = ANY(e.operator_ids) AND p.active
                  AND NOT EXISTS (SELECT 1 FROM out o WHERE o.person_id = p.id AND o.team_id <> t.id)
                  AND NOT EXISTS (SELECT 1 FROM leave v WHERE v.person_id = p.id AND v.state = 'approved'
                                     AND v.starts_at <= :now AND v.ends_at > :now)
                  AND (coalesce(named.registered, 0) = 0 OR EXISTS (
                        SELECT 1 FROM standby_list l JOIN standby_person s ON s.list_id = l.id
                         WHERE l.team_id = t.id AND l.day = :day AND s.person_id = p.id
                           AND s.state <> 'struck'))
             )) ORDER BY e.id) AS pieces
      FROM equipment e WHERE e.team_id = t.id AND e.active
  ) kept ON true
 WHERE t.stream = :stream AND t.region_code LIKE :scope || '%' AND t.dispatchable
   AND t.id = ANY(CAST(:teams AS bigint[]) || ARRAY(
       SELECT team_id FROM assignment WHERE incident_id = ANY(:incidents) AND state = ANY(:active)))
"""
_PLACES = """
SELECT left(r.code, 9) AS code, r.name_zh AS name, r.lon, r.lat FROM region r
 WHERE r.code LIKE :scope || '%' AND left(r.code, 9) || '000' = r.code
   AND r.code <> left(r.code, 6) || '000000'
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom, when, for which incidents, and what equipment a capability needs.

    `leaving` are teams that are no longer there. A team out for a drill is out for a `drill` only.
    """

    viewer: Viewer
    now: datetime
    day: date
    incident_ids: tuple[int, ...] = ()
    needs: Needs = field(default_factory=dict)
    leaving: frozenset[int] = frozenset()
    drill: bool = False


async def of_teams(tx: Tx, asked: Asked, team_ids: Sequence[int]) -> list[Candidate]:
    """Return these teams, and those that are out for the incidents already, as far as the scope reaches.

    What a team is committed to is named only to those who may know that incident.
    """
    viewer = asked.viewer
    known = {
        "stream": viewer.stream,
        "scope": viewer.scope,
        "need_to_know": viewer.may("see_restricted"),
        "named": viewer.names,
        "incidents": list(asked.incident_ids),
        "active": list(ACTIVE_STATES),
        "drill": asked.drill,
        "now": asked.now,
        "day": asked.day,
        "day_ago": asked.now - A_DAY,
        "long_ago": asked.now - 7 * A_DAY,
        "teams": list(team_ids),
    }
    await plan_once(tx)  # 1.7 ms to plan, 0.3 ms to execute
    rows = await tx.execute(sql(_GONE + _CANDIDATE), known)
    bare: dict[tuple[str, ...], Fitness] = {}  # of those without equipment only their tags tell
    found = (_candidate(row, asked.incident_ids, asked.needs, bare) for row in rows.mappings())
    able = [one for one in found if one.team_id not in asked.leaving]
    if not asked.drill:
        return able
    # A drill with named participants sends nobody else.
    apart = await parties.teams_outside(tx, asked.incident_ids, [one.team_id for one in able], asked.now)
    return [one for one in able if one.team_id not in apart]


def _fitness(row: Any, needs: Needs, bare: dict[tuple[str, ...], Fitness]) -> Fitness:
    if row["pieces"]:
        return fitness(row["capabilities"], [pieced(one) for one in row["pieces"]], needs)
    tags = tuple(row["capabilities"])
    if tags not in bare:
        bare[tags] = fitness(tags, (), needs)
    return bare[tags]


def _candidate(
    row: Any, here: Collection[int], needs: Needs, bare: dict[tuple[str, ...], Fitness]
) -> Candidate:
    fit = _fitness(row, needs, bare)
    mark = Mark(row["standby"], row["standby_at"], row["standby_strength"])
    named = None if row["named_at"] is None else Word(row["named"], row["named_at"])
    returned = None if row["returned_at"] is None else Word(row["returned"], row["returned_at"])
    is_here = row["incident_id"] in here
    return Candidate(
        team_id=row["id"],
        name=row["name_zh"],
        call_sign=row["call_sign"],
        kind=row["kind"],
        region_code=row["stationed_in"] or row["region_code"],
        capabilities=fit.capabilities,
        staffing=staffing(mark, named, returned, row["gone"]),
        committed_to=None if is_here else row["committed_to"],
        lon=row["lon"],
        lat=row["lat"],
        fixed_at=row["fixed_at"],
        speed_kmh=row["speed_kmh"],
        declined_here=row["declined_here"],
        here=row["incident_id"] if is_here else None,
        released_at=row["released_at"],
        jobs=row["jobs"],
        forward=row["forward"],
        strength=row["strength"],
        lacking=fit.lacking,
        remarks=fit.remarks,
    )


async def places(tx: Tx, scope: str) -> dict[str, Place]:
    """Return the townships of a scope by their 9-digit code."""
    rows = await tx.execute(sql(_PLACES), {"scope": scope})
    return {row.code: Place(row.code, row.name, row.lon, row.lat) for row in rows}
