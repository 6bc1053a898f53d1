"""Every SQL statement of equipment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.forces.facts import EquipmentFact, OperatorFact
from app.dispatch.forces.rules.fitness import Piece
from app.dispatch.forces.store.teams import pieced
from app.dispatch.forces.tables import Equipment

_FROM = """
  FROM equipment e
  LEFT JOIN team t ON t.id = e.team_id
  LEFT JOIN org_unit u ON u.id = e.unit_id
  JOIN region r ON r.code = coalesce(t.region_code, u.region_code)
"""
_FACT = f"""
SELECT e.id, e.kind, e.name, e.number, e.team_id, e.unit_id, coalesce(t.name_zh, u.name_zh) AS keeper_name,
       r.code AS region_code, r.name_zh AS region_name,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('person_id', p.id, 'name', p.name_zh, 'active', p.active)
                                  ORDER BY array_position(e.operator_ids, p.id)), '[]')
          FROM person p WHERE p.id = ANY(e.operator_ids)) AS operators,
       e.plate, e.seats, e.load_kg, e.fuel, e.licence_due, e.readiness, e.ready_since, e.reason,
       e.inspection_due, e.note, e.active, e.revision, e.changed_by, e.changed_at
{_FROM}
"""  # noqa: S608
_WANTED = """
 WHERE e.stream = :stream AND r.code LIKE :scope || '%' AND r.code LIKE :region || '%'
   AND (:retired OR e.active) AND (:kind = '' OR e.kind = :kind)
   AND (:readiness = '' OR e.readiness = :readiness)
   AND (CAST(:team AS bigint) IS NULL OR e.team_id = :team)
   AND (CAST(:unit AS bigint) IS NULL OR e.unit_id = :unit OR t.unit_id = :unit)
   AND (:words = '' OR concat_ws(' ', e.name, e.number, e.plate, t.name_zh, u.name_zh) ILIKE :like)
"""


@dataclass(frozen=True, slots=True)
class WantedEquipment:
    """Which pieces are asked for; an empty word asks for all."""

    stream: str
    scope: str
    region: str = ""
    kind: str = ""
    readiness: str = ""
    team_id: int | None = None
    unit_id: int | None = None
    words: str = ""
    retired: bool = False

    def values(self) -> dict[str, object]:
        """Return them as the statement names them."""
        escaped = self.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return {
            "stream": self.stream,
            "scope": self.scope,
            "region": self.region,
            "kind": self.kind,
            "readiness": self.readiness,
            "team": self.team_id,
            "unit": self.unit_id,
            "words": self.words,
            "like": f"%{escaped}%",
            "retired": self.retired,
        }


def _fact(row: RowMapping) -> EquipmentFact:
    told = dict(row)
    operators = [OperatorFact(**one) for one in told.pop("operators")]
    return EquipmentFact(**told, operators=operators)


async def fact(tx: Tx, equipment_id: int) -> EquipmentFact:
    """Return one piece."""
    rows = await tx.execute(text(_FACT + " WHERE e.id = :id"), {"id": equipment_id})
    return _fact(rows.mappings().one())


async def seen(tx: Tx, stream: str, scope: str, equipment_id: int) -> EquipmentFact | None:
    """Return one piece of a scope, or None."""
    where = " WHERE e.stream = :stream AND r.code LIKE :scope || '%' AND e.id = :id"
    values = {"stream": stream, "scope": scope, "id": equipment_id}
    row = (await tx.execute(text(_FACT + where), values)).mappings().first()
    return None if row is None else _fact(row)


async def page(tx: Tx, wanted: WantedEquipment, offset: int, most: int) -> tuple[int, list[EquipmentFact]]:
    """Return how many pieces are asked for and some of them: what is not ready first, then by place."""
    values = wanted.values()
    total = await tx.scalar(text("SELECT count(*)" + _FROM + _WANTED), values)
    order = (
        " ORDER BY NOT e.active, array_position(ARRAY['missing', 'in_repair', 'limited'], e.readiness),"
        " r.code, e.id OFFSET :offset LIMIT :most"
    )
    rows = await tx.execute(text(_FACT + _WANTED + order), {**values, "offset": offset, "most": most})
    return int(total or 0), [_fact(row) for row in rows.mappings()]


async def locked(tx: Tx, stream: str, equipment_id: int) -> Equipment | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(Equipment)
        .where(col(Equipment.id) == equipment_id, col(Equipment.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def of_numbers(tx: Tx, stream: str, numbers: Sequence[str]) -> dict[str, Equipment]:
    """Return the pieces in use that bear these numbers, locked until commit."""
    found = await tx.execute(
        select(Equipment)
        .where(
            col(Equipment.stream) == stream,
            col(Equipment.active),
            col(Equipment.number).in_(sorted(set(numbers))),
        )
        .order_by(col(Equipment.id))
        .with_for_update()
    )
    return {row.number: row for row in found.scalars()}


async def region_of(tx: Tx, row: Equipment) -> str:
    """Return where a piece is kept."""
    found = await tx.scalar(
        text(
            "SELECT coalesce((SELECT region_code FROM team WHERE id = CAST(:team AS bigint)),"
            " (SELECT region_code FROM org_unit WHERE id = CAST(:unit AS bigint)))"
        ),
        {"team": row.team_id, "unit": row.unit_id},
    )
    return str(found)


async def count(tx: Tx, stream: str) -> int:
    """Return how many pieces are in use."""
    values = {"stream": stream}
    query = "SELECT count(*) FROM equipment WHERE stream = :stream AND active"
    return int(await tx.scalar(text(query), values) or 0)


async def by_team(tx: Tx, stream: str) -> dict[int, list[Piece]]:
    """Return what each team keeps, by equipment alone: whoever is trained on it might be on duty."""
    rows = await tx.execute(
        text(
            "SELECT team_id, kind, name, readiness, cardinality(operator_ids) AS operators FROM equipment"
            " WHERE stream = :stream AND active AND team_id IS NOT NULL ORDER BY id"
        ),
        {"stream": stream},
    )
    kept: dict[int, list[Piece]] = {}
    for row in rows.mappings():
        kept.setdefault(row["team_id"], []).append(pieced(dict(row)))
    return kept


async def keepers(tx: Tx, stream: str, scope: str) -> Mapping[str, list[tuple[str, int]]]:
    """Return who may keep equipment in a scope, by name: ("team" or "unit", its number)."""
    rows = await tx.execute(
        text(
            "SELECT 'team' AS what, id, name_zh FROM team"
            " WHERE stream = :stream AND active AND region_code LIKE :scope || '%'"
            " UNION ALL SELECT 'unit', id, name_zh FROM org_unit"
            " WHERE active AND region_code LIKE :stream || '%' AND region_code LIKE :scope || '%'"
            " ORDER BY 1, 2"
        ),
        {"stream": stream, "scope": scope},
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for row in rows:
        found.setdefault(row.name_zh, []).append((row.what, row.id))
    return found


async def people_named(tx: Tx, stream: str, names: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """Return people in service by name: (number, place)."""
    rows = await tx.execute(
        text(
            "SELECT id, name_zh, region_code FROM person WHERE active AND region_code LIKE :stream || '%'"
            " AND name_zh = ANY(:names) ORDER BY id"
        ),
        {"stream": stream, "names": list(names)},
    )
    found: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        found.setdefault(row.name_zh, []).append((row.id, row.region_code))
    return found
