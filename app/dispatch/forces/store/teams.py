"""Teams as the register keeps them, retired ones too, with what their equipment lets them bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.forces.facts import ForceTeamFact, LackFact
from app.dispatch.forces.rules.fitness import Needs, Piece, fitness
from app.dispatch.forces.rules.kinds import USABLE
from app.dispatch.tables import ACTIVE_STATES
from app.org.tables import Person, Team

_FACT = """
SELECT t.id, t.name_zh, t.name_en, t.call_sign, t.kind, t.region_code, r.name_zh AS region_name, t.unit_id,
       u.name_zh AS unit_name, t.parent_id, above.name_zh AS parent_name, t.leader_id,
       p.name_zh AS leader_name, t.phone, t.lon, t.lat, t.strength, t.standby_strength, t.speed_kmh,
       t.capabilities, t.standby, t.dispatchable, t.active, t.revision, t.changed_by, t.changed_at,
       EXISTS (SELECT 1 FROM assignment a WHERE a.team_id = t.id AND a.state = ANY(:active)) AS out,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'name', e.name,
               'readiness', e.readiness, 'operators', cardinality(e.operator_ids)) ORDER BY e.id), '[]')
          FROM equipment e WHERE e.team_id = t.id AND e.active) AS kept
  FROM team t
  JOIN region r ON r.code = t.region_code
  LEFT JOIN org_unit u ON u.id = t.unit_id
  LEFT JOIN team above ON above.id = t.parent_id
  LEFT JOIN person p ON p.id = t.leader_id AND p.active
"""


def _fact(row: RowMapping, needs: Needs) -> ForceTeamFact:
    told = dict(row)
    pieces = [pieced(one) for one in told.pop("kept")]
    fit = fitness(told["capabilities"], pieces, needs)
    lacking = [
        LackFact(capability=tag, code=why.code, zh=why.zh, en=why.en) for tag, why in fit.lacking.items()
    ]
    ready = sum(one.readiness in USABLE for one in pieces)
    return ForceTeamFact(**told, lacking=lacking, pieces=len(pieces), pieces_ready=ready)


def pieced(told: Mapping[str, Any]) -> Piece:
    """Return a piece by equipment alone: whoever is trained on it might be on duty."""
    operators = int(told["operators"])
    return Piece(told["kind"], told["name"], told["readiness"], operators, told.get("on_duty", operators))


async def fact(tx: Tx, team_id: int, needs: Needs) -> ForceTeamFact:
    """Return one team."""
    values = {"active": list(ACTIVE_STATES), "id": team_id}
    return _fact((await tx.execute(text(_FACT + " WHERE t.id = :id"), values)).mappings().one(), needs)


async def seen(tx: Tx, stream: str, scope: str, team_id: int, needs: Needs) -> ForceTeamFact | None:
    """Return one team of a scope, or None."""
    values = {"active": list(ACTIVE_STATES), "stream": stream, "scope": scope, "id": team_id}
    where = " WHERE t.stream = :stream AND t.region_code LIKE :scope || '%' AND t.id = :id"
    row = (await tx.execute(text(_FACT + where), values)).mappings().first()
    return None if row is None else _fact(row, needs)


async def facts(tx: Tx, stream: str, scope: str, needs: Needs) -> list[ForceTeamFact]:
    """Return every team of ours in a scope, those in service first, by place."""
    values = {"active": list(ACTIVE_STATES), "stream": stream, "scope": scope}
    where = " WHERE t.stream = :stream AND t.region_code LIKE :scope || '%' AND t.kind <> 'outside'"
    rows = await tx.execute(text(_FACT + where + " ORDER BY NOT t.active, t.region_code, t.id"), values)
    return [_fact(row, needs) for row in rows.mappings()]


async def locked(tx: Tx, stream: str, team_id: int) -> Team | None:
    """Return the row, retired or not, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(Team).where(col(Team.id) == team_id, col(Team.stream) == stream).with_for_update()
    )
    return found.scalar_one_or_none()


async def kept(tx: Tx, stream: str, team_id: int) -> Team | None:
    """Return a team in service that nobody can retire until commit."""
    found = await tx.execute(
        select(Team)
        .where(col(Team.id) == team_id, col(Team.stream) == stream, col(Team.active))
        .with_for_update(read=True)
    )
    return found.scalar_one_or_none()


async def circle(tx: Tx, team_id: int, parent_id: int) -> bool:
    """Whether a team would stand above itself."""
    found = await tx.scalar(
        text(
            "WITH RECURSIVE above AS (SELECT CAST(:parent AS bigint) AS id UNION"
            " SELECT t.parent_id FROM team t JOIN above ON above.id = t.id WHERE t.parent_id IS NOT NULL)"
            " SELECT EXISTS (SELECT 1 FROM above WHERE id = :team)"
        ),
        {"parent": parent_id, "team": team_id},
    )
    return bool(found)


async def serialise(tx: Tx, stream: str) -> None:
    """Let whoever enters, renames or moves teams of a county take turns until commit."""
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtext('force_register:' || :s))"), {"s": stream})


async def bearer(tx: Tx, stream: str, name: str, call_sign: str, but: int | None) -> tuple[str, str] | None:
    """Return (what is borne, by whom) of another team in service with this name or call sign."""
    row = (
        await tx.execute(
            text(
                "SELECT name_zh, call_sign FROM team WHERE stream = :stream AND active"
                " AND id IS DISTINCT FROM CAST(:but AS bigint)"
                " AND (name_zh = :name OR (:sign <> '' AND call_sign = :sign)) ORDER BY id LIMIT 1"
            ),
            {"stream": stream, "name": name, "sign": call_sign, "but": but},
        )
    ).first()
    if row is None:
        return None
    return (name if row.name_zh == name else call_sign), row.name_zh


async def count(tx: Tx, stream: str) -> int:
    """Return how many teams of a county are in service."""
    values = {"stream": stream}
    return int(
        await tx.scalar(text("SELECT count(*) FROM team WHERE stream = :stream AND active"), values) or 0
    )


async def squads(tx: Tx, team_id: int) -> list[str]:
    """Return the names of the squads of a team that are in service."""
    rows = await tx.execute(
        text("SELECT name_zh FROM team WHERE parent_id = :id AND active ORDER BY id"), {"id": team_id}
    )
    return list(rows.scalars())


async def holds(tx: Tx, team_id: int) -> tuple[str, str] | None:
    """Return what holds a team: an incident, a promise, a station away from home; None: it is free."""
    row = (
        await tx.execute(
            text(
                "SELECT EXISTS (SELECT 1 FROM assignment WHERE team_id = :id AND state = ANY(:active))"
                " AS out,"
                " EXISTS (SELECT 1 FROM reservation WHERE team_id = :id AND state IN ('reserved', 'blocked'))"
                " AS promised,"
                " (SELECT place FROM forward_deployment WHERE team_id = :id AND ended_at IS NULL) AS station"
            ),
            {"id": team_id, "active": list(ACTIVE_STATES)},
        )
    ).one()
    if row.out:
        return "正在执行任务", "is out on an assignment"
    if row.promised:
        return "已预派给事件", "is reserved for an incident"
    if row.station is not None:
        return f"在{row.station}驻防,请先召回", f"is stationed at {row.station}, call it back first"
    return None


async def people(tx: Tx, stream: str, person_ids: Sequence[int]) -> dict[int, Person]:
    """Return people of the county who are in service and stay so until commit, by number."""
    found = await tx.execute(
        select(Person)
        .where(
            col(Person.id).in_(sorted(person_ids)),
            col(Person.region_code).startswith(stream),
            col(Person.active),
        )
        .order_by(col(Person.id))
        .with_for_update(read=True)
    )
    return {row.id or 0: row for row in found.scalars()}


async def lead(tx: Tx, team_id: int, person_id: int | None) -> None:
    """Make somebody the leader among the members of a team, and nobody else."""
    values = {"team": team_id, "person": person_id}
    await tx.execute(
        text("UPDATE team_member SET role = 'member' WHERE team_id = :team AND role = 'leader'"), values
    )
    if person_id is not None:
        await tx.execute(
            text(
                "INSERT INTO team_member (team_id, person_id, role) VALUES (:team, :person, 'leader')"
                " ON CONFLICT (team_id, person_id) DO UPDATE SET role = 'leader'"
            ),
            values,
        )
