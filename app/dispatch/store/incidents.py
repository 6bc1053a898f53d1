"""Incidents: rows, wire shapes, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Result
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select

from app.db import Tx, sql
from app.dispatch.exercise import inheriting as inheriting  # before every flush
from app.dispatch.facts import IncidentFact
from app.dispatch.tables import Assignment, EventType, Incident
from app.new_row import write_new, writing
from app.org.rules.access import Concern, Viewer
from app.read_row import read_row
from app.shaping import shaping

_FACT = """
SELECT i.*, e.name_zh AS event_name_zh, e.name_en AS event_name_en,
       (SELECT string_agg(r.name_zh, '' ORDER BY r.code) FROM region r
         WHERE r.code IN (left(i.region_code, 6) || '000000', left(i.region_code, 9) || '000', i.region_code)
       ) AS region_path,
       (SELECT m.number FROM incident m WHERE m.id = i.merged_into_id) AS merged_into_number,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                 'activation_id', c.id, 'body_name', b.name_zh, 'commander', coalesce(
                   (SELECT h.name FROM command_holding h WHERE h.activation_id = c.id
                       AND h.post = 'commander' AND h.to_at IS NULL ORDER BY h.id DESC LIMIT 1), '')
               ) ORDER BY c.id), '[]'::jsonb)
          FROM command_activation c JOIN command_body b ON b.id = c.body_id
         WHERE c.incident_id = i.id AND c.stood_down_at IS NULL) AS command
  FROM incident i JOIN event_type e ON e.scheme = i.event_scheme AND e.code = i.event_code
"""


@dataclass(frozen=True, slots=True)
class IncidentSeen:
    """An incident with whom it concerns."""

    fact: IncidentFact
    concern: Concern


def _seen(rows: Result[Any]) -> list[IncidentSeen]:
    fact = shaping(IncidentFact, rows)
    return [IncidentSeen(fact(row), _concern(row)) for row in rows]


def _concern(row: Any) -> Concern:
    return Concern(
        tuple(row.concern_regions), tuple(row.concern_teams), row.restricted, readers=tuple(row.readers)
    )


async def seen(tx: Tx, stream: str, incident_id: int) -> IncidentSeen | None:
    """Return one incident of the county, or None."""
    rows = await tx.execute(
        sql(_FACT + " WHERE i.stream = :s AND i.id = :id"), {"s": stream, "id": incident_id}
    )
    return next(iter(_seen(rows)), None)


# The same decision as `may_see`, near the rows, so that a limit counts only what this person sees.
_VISIBLE = """
   AND (i.concern_teams && CAST(:teams AS bigint[])
        OR i.readers && CAST(:named AS text[])
        OR (:desk AND (:need_to_know OR NOT i.restricted) AND i.readers = '{}'
            AND EXISTS (SELECT 1 FROM unnest(i.concern_regions) r WHERE r LIKE :scope || '%')))
"""


async def by_state(tx: Tx, viewer: Viewer, state: str, limit: int | None = None) -> list[IncidentSeen]:
    """Return the incidents in a state that this person may see, newest first."""
    rows = await tx.execute(
        sql(
            _FACT
            + " WHERE i.stream = :stream AND i.state = :state"
            + _VISIBLE
            + " ORDER BY i.id DESC LIMIT :n"
        ),
        {
            "stream": viewer.stream,
            "state": state,
            "n": limit,
            "teams": sorted(viewer.team_ids),
            "desk": viewer.may("see_desk"),
            "need_to_know": viewer.may("see_restricted"),
            "scope": viewer.scope,
            "named": viewer.names,
        },
    )
    return _seen(rows)


async def row(tx: Tx, stream: str, incident_id: int) -> Incident | None:
    """Return the row as it is read, not locked; None if it is not in this county."""
    found = await tx.get(Incident, incident_id)
    return found if found is not None and found.stream == stream else None


async def locked(tx: Tx, stream: str, incident_id: int) -> Incident | None:
    """Return the row, locked until commit; None if it is not in this county."""
    return await read_row(tx, Incident, _LOCKED, {"id": incident_id, "stream": stream})


_LOCKED = sql("SELECT * FROM incident WHERE id = :id AND stream = :stream FOR UPDATE")


async def widen(tx: Tx, incident: Incident, region_code: str, assignment: Assignment) -> IncidentSeen:
    """Write a new assignment, and let its incident and the progress of its messages concern the team and its
    place besides; return the incident so.

    In one statement, for it stands before every order. The incident is locked already. Raises what
    `write_new` raises.
    """
    regions, teams = incident.concern_regions, incident.concern_teams
    if region_code in regions and assignment.team_id in teams:
        await write_new(tx, assignment)
        (known,) = _seen(await tx.execute(sql(_FACT + " WHERE i.id = :id"), {"id": incident.id}))
        return known
    if region_code not in regions:
        regions = [*regions, region_code]
    if assignment.team_id not in teams:
        teams = [*teams, assignment.team_id]
    new, values = await writing(tx, assignment)
    told = {"id": incident.id, "regions": regions, "teams": teams}
    rows = await tx.execute(sql(_WIDEN.replace("{new}", new)), {**values, **told})
    fact = shaping(IncidentFact, rows)
    row = rows.one()
    assignment.id = row.new_id
    set_committed_value(incident, "concern_regions", regions)
    set_committed_value(incident, "concern_teams", teams)
    return IncidentSeen(fact(row), _concern(row))


_WIDEN = (
    """
    WITH new AS ({new}), wider AS (
      UPDATE incident SET concern_regions = CAST(:regions AS text[]), concern_teams = CAST(:teams AS bigint[])
       WHERE id = :id RETURNING *
    ), told AS (
      UPDATE delivery
         SET concern_regions = CAST(:regions AS text[]), concern_teams = CAST(:teams AS bigint[])
       WHERE incident_id = :id
    )
    """  # noqa: S608  fixed texts
    + _FACT.replace("FROM incident i", "FROM wider i").replace(
        "SELECT i.*", "SELECT (SELECT id FROM new) AS new_id, i.*"
    )
)


async def next_running_number(tx: Tx, stream: str, day: str) -> int:
    """Return the next number of the day, holding it until commit."""
    found = await tx.scalar(
        sql(
            """
            INSERT INTO incident_number (stream, day, last) VALUES (:s, :day, 1)
            ON CONFLICT (stream, day) DO UPDATE SET last = incident_number.last + 1 RETURNING last
            """
        ),
        {"s": stream, "day": day},
    )
    assert found is not None
    return int(found)


async def version_at(tx: Tx, stream: str, incident_id: int, version: int) -> datetime | None:
    """Return when the incident came to a version, None where the journal does not tell."""
    found: datetime | None = await tx.scalar(
        sql(
            """
            SELECT max(at) FROM journal
             WHERE stream = :s AND incident_id = :id AND body->'incident' IS NOT NULL
               AND CAST(body->'incident'->>'version' AS bigint) <= :version
            """
        ),
        {"s": stream, "id": incident_id, "version": version},
    )
    return found


async def event_type(tx: Tx, scheme: str, code: str) -> EventType | None:
    """Return a kind of incident, or None."""
    return await tx.get(EventType, (scheme, code))


async def event_types(tx: Tx) -> Sequence[EventType]:
    """Return all kinds of incident by code."""
    return (await tx.execute(select(EventType).order_by(col(EventType.code)))).scalars().all()


async def alarms_since(tx: Tx, incident_id: int, since: datetime) -> int:
    """Return how many alarms came for an incident since an instant, with their repetitions."""
    found = await tx.scalar(
        sql("SELECT coalesce(sum(count), 0) FROM alarm WHERE incident_id = :i AND last_heard_at >= :since"),
        {"i": incident_id, "since": since},
    )
    return int(found or 0)
