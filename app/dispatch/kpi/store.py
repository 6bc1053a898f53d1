"""Every SQL statement about the times of assignments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Tx
from app.dispatch.kpi.rules import Milestones
from app.dispatch.secrecy.store import knowing, may_know
from app.dispatch.terms import TermsFact
from app.org.rules.access import Viewer

MOST = 20_000
_ROWS = f"""
SELECT a.id, a.team_id, t.name_zh AS team_name, left(t.region_code, 9) || '000' AS place,
       r.name_zh AS place_name, a.assigned_at, a.acknowledged_at, a.en_route_at, a.on_scene_at,
       a.task_done_at, a.returned_at, a.terms,
       coalesce(a.task_done_at, a.cancelled_at, a.declined_at) AS ended_at
  FROM assignment a
  JOIN team t ON t.id = a.team_id
  LEFT JOIN region r ON r.code = left(t.region_code, 9) || '000'
 WHERE a.stream = :stream AND {may_know("a.incident_id")}
"""  # noqa: S608  only the words above
_OF_INCIDENT = " AND a.incident_id = :incident ORDER BY a.id"
_OF_MONTH = (
    " AND NOT a.drill AND t.region_code LIKE :scope || '%' AND a.assigned_at >= :first"
    " AND a.assigned_at < :after ORDER BY a.id LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class Run:
    """One assignment with its milestones and the terms it was given under."""

    assignment_id: int
    team_id: int
    team_name: str
    place: str
    place_name: str
    milestones: Milestones
    terms: TermsFact


def _run(row: Any) -> Run:
    told = {name: row[name] for name in Milestones.__dataclass_fields__}
    return Run(
        row["id"],
        row["team_id"],
        row["team_name"],
        row["place"],
        row["place_name"] or row["place"],
        Milestones(**told),
        TermsFact.model_validate(row["terms"]),
    )


async def of_incident(tx: Tx, stream: str, incident_id: int) -> list[Run]:
    """Return the assignments of an incident with their milestones, oldest first."""
    rows = await tx.execute(
        text(_ROWS + _OF_INCIDENT), {"stream": stream, "incident": incident_id, **knowing(None)}
    )
    return [_run(row) for row in rows.mappings()]


async def of_span(
    tx: Tx,
    by: Viewer,
    first: datetime,
    after: datetime,
) -> list[Run]:
    """Return the assignments given in [first, after) to the teams of one's scope, 20,000 at most.

    Those for incidents of which this person may know nothing are left out, and those of drills.
    """
    rows = await tx.execute(
        text(_ROWS + _OF_MONTH),
        {
            "stream": by.stream,
            "scope": by.scope,
            "first": first,
            "after": after,
            **knowing(by),
            "most": MOST,
        },
    )
    return [_run(row) for row in rows.mappings()]
