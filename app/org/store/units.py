"""Every SQL statement of units and their kinds."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import RowMapping, text
from sqlmodel import col, select

from app.db import Tx
from app.org.facts import UnitFact, UnitKindFact
from app.org.rules.staffing import Minimum, staffing
from app.org.tables import OrgUnit, UnitKind

_FACT = """
SELECT u.id, u.kind, u.name_zh, u.name_en, u.region_code,
       concat(r1.name_zh, r2.name_zh, r3.name_zh) AS region_path, u.parent_id, u.business_parent_id, u.active,
       coalesce(staff.people, 0) AS people, coalesce(staff.full_time, 0) AS full_time,
       coalesce(k.min_posts, 0) AS min_posts, coalesce(k.min_full_time, 0) AS min_full_time
  FROM org_unit u
  LEFT JOIN unit_kind k ON k.code = u.kind
  LEFT JOIN region r3 ON r3.code = u.region_code
  LEFT JOIN region r2 ON r2.code = left(u.region_code, 9) || '000' AND r2.code <> u.region_code
  LEFT JOIN region r1 ON r1.code = left(u.region_code, 6) || '000000' AND r1.code <> u.region_code
                     AND r1.code <> left(u.region_code, 9) || '000'
  LEFT JOIN (SELECT unit_id, count(*) AS people, count(*) FILTER (WHERE full_time) AS full_time
               FROM person WHERE active GROUP BY unit_id) staff ON staff.unit_id = u.id
"""


def _fact(row: RowMapping) -> UnitFact:
    told = dict(row)
    needed = Minimum(told.pop("min_posts"), told.pop("min_full_time"))
    judged = staffing(needed, told["people"], told["full_time"]) if told["active"] else "exempt"
    return UnitFact(**told, staffing=judged)


async def in_scope(tx: Tx, stream: str, scope: str) -> list[UnitFact]:
    """Return the units of a scope, those no longer active too, by place and number."""
    rows = await tx.execute(
        text(
            _FACT + " WHERE u.region_code LIKE :stream || '%' AND u.region_code LIKE :scope || '%'"
            " ORDER BY u.region_code, u.id"
        ),
        {"stream": stream, "scope": scope},
    )
    return [_fact(row) for row in rows.mappings()]


async def fact(tx: Tx, unit_id: int) -> UnitFact:
    """Return one unit."""
    rows = await tx.execute(text(_FACT + " WHERE u.id = :id"), {"id": unit_id})
    return _fact(rows.mappings().one())


async def locked(tx: Tx, stream: str, unit_id: int) -> OrgUnit | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(OrgUnit)
        .where(col(OrgUnit.id) == unit_id, col(OrgUnit.region_code).startswith(stream))
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def kept(tx: Tx, stream: str, unit_id: int) -> OrgUnit | None:
    """Return a unit of the county that nobody can deactivate until commit."""
    found = await tx.execute(
        select(OrgUnit)
        .where(col(OrgUnit.id) == unit_id, col(OrgUnit.region_code).startswith(stream))
        .with_for_update(read=True)
    )
    return found.scalar_one_or_none()


async def superiors(tx: Tx, stream: str) -> dict[int, tuple[int, ...]]:
    """Return who stands above each unit, all of them locked: two changes at once could make a circle."""
    rows = await tx.execute(
        text(
            "SELECT id, array_remove(ARRAY[parent_id, business_parent_id], NULL) AS above FROM org_unit "
            "WHERE region_code LIKE :stream || '%' ORDER BY id FOR UPDATE"
        ),
        {"stream": stream},
    )
    return {row.id: tuple(row.above) for row in rows}


async def names(tx: Tx, stream: str) -> Sequence[RowMapping]:
    """Return the active units of the county: id, name, region_code."""
    rows = await tx.execute(
        text(
            "SELECT id, name_zh AS name, region_code FROM org_unit "
            "WHERE region_code LIKE :stream || '%' AND active ORDER BY id"
        ),
        {"stream": stream},
    )
    return rows.mappings().all()


async def name_of(tx: Tx, unit_id: int) -> str:
    """Return the name of a unit."""
    return str(await tx.scalar(select(OrgUnit.name_zh).where(col(OrgUnit.id) == unit_id)) or unit_id)


async def dependants(tx: Tx, unit_id: int) -> tuple[list[str], list[str]]:
    """Return the active units below a unit and its people in service, by name."""
    below = await tx.execute(
        text(
            "SELECT name_zh FROM org_unit WHERE :id IN (parent_id, business_parent_id) AND active ORDER BY id"
        ),
        {"id": unit_id},
    )
    people = await tx.execute(
        text("SELECT name_zh FROM person WHERE unit_id = :id AND active ORDER BY id"), {"id": unit_id}
    )
    return list(below.scalars()), list(people.scalars())


async def kinds(tx: Tx) -> list[UnitKindFact]:
    """Return the kinds of unit in the order in which they are shown."""
    rows = await tx.execute(select(UnitKind).order_by("ordinal", "code"))
    return [UnitKindFact.model_validate(row) for row in rows.scalars()]


async def kind(tx: Tx, code: str) -> UnitKind | None:
    """Return a kind, or None."""
    return await tx.get(UnitKind, code)
