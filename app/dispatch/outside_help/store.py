"""Every SQL statement about teams from outside."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from app.db import Tx, sql
from app.dispatch.outside_help.facts import OutsideTeamFact
from app.dispatch.outside_help.tables import OutsideTeam
from app.dispatch.tables import ACTIVE_STATES
from app.org.rules.access import Viewer

MOST = 500
_FACT = """
SELECT o.id, o.team_id, t.name_zh AS name, o.origin, o.partner_id, o.incident_id,
       CASE WHEN i.restricted OR i.readers <> '{}' THEN NULL ELSE i.number END AS incident_number,
       o.leader_name, o.leader_phone, o.strength, o.people, o.equipment, t.capabilities, t.region_code,
       r.name_zh AS region_name, o.state, o.expected_at, o.arrived_at, o.released_at,
       EXISTS (SELECT 1 FROM assignment a WHERE a.team_id = t.id AND a.state = ANY(:active)) AS out,
       (SELECT count(*) FROM assignment a WHERE a.team_id = t.id AND NOT a.drill
           AND a.state NOT IN ('declined', 'cancelled')) AS jobs,
       o.words, o.revision, o.entered_by, o.entered_at, o.changed_by, o.changed_at
  FROM outside_team o JOIN team t ON t.id = o.team_id JOIN region r ON r.code = t.region_code
  LEFT JOIN incident i ON i.id = o.incident_id
"""


async def fact(tx: Tx, outside_id: int) -> OutsideTeamFact:
    """Return one team."""
    told = {"id": outside_id, "active": list(ACTIVE_STATES)}
    return OutsideTeamFact(**(await tx.execute(sql(_FACT + " WHERE o.id = :id"), told)).mappings().one())


async def listed(
    tx: Tx, by: Viewer, states: Sequence[str] | None, incident_id: int | None
) -> list[OutsideTeamFact]:
    """Return the teams of one's scope, the latest in front, 500 at most."""
    rows = await tx.execute(
        sql(
            _FACT + " WHERE o.stream = :stream AND t.region_code LIKE :scope || '%'"
            " AND (CAST(:states AS text[]) IS NULL OR o.state = ANY(:states))"
            " AND (CAST(:incident AS bigint) IS NULL OR o.incident_id = :incident)"
            " ORDER BY o.state IN ('released', 'cancelled'), o.id DESC LIMIT :most"
        ),
        {
            "stream": by.stream,
            "scope": by.scope,
            "states": None if states is None else list(states),
            "incident": incident_id,
            "active": list(ACTIVE_STATES),
            "most": MOST,
        },
    )
    return [OutsideTeamFact(**row) for row in rows.mappings()]


async def locked(tx: Tx, stream: str, outside_id: int) -> OutsideTeam | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(OutsideTeam)
        .where(col(OutsideTeam.id) == outside_id, col(OutsideTeam.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def partner_is_known(tx: Tx, stream: str, partner_id: int) -> bool:
    """Whether somebody stands among those who help from outside."""
    found = await tx.scalar(
        sql("SELECT EXISTS (SELECT 1 FROM mutual_aid_partner WHERE id = :id AND stream = :stream)"),
        {"id": partner_id, "stream": stream},
    )
    return bool(found)
