"""Every SQL statement about named areas."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, text
from sqlmodel import col, select

from app.db import Tx
from app.org.areas.facts import AreaFact
from app.org.areas.rules import Place
from app.org.areas.tables import NamedArea

_TOUCHES = text("EXISTS (SELECT FROM unnest(towns) AS town WHERE town LIKE :scope || '%')")


async def in_scope(tx: Tx, stream: str, scope: str) -> list[AreaFact]:
    """Return the areas that touch a scope, by name."""
    rows = await tx.execute(
        select(NamedArea)
        .where(col(NamedArea.stream) == stream, _TOUCHES.bindparams(scope=scope))
        .order_by("name", "id")
    )
    return [AreaFact.model_validate(row) for row in rows.scalars()]


async def locked(tx: Tx, stream: str, scope: str, area_id: int) -> NamedArea | None:
    """Return an area that touches a scope, locked until commit."""
    rows = await tx.execute(
        select(NamedArea)
        .where(
            col(NamedArea.id) == area_id,
            col(NamedArea.stream) == stream,
            _TOUCHES.bindparams(scope=scope),
        )
        .with_for_update()
    )
    return rows.scalar_one_or_none()


async def count(tx: Tx, stream: str) -> int:
    """Return how many areas the county has."""
    found = await tx.scalar(select(func.count()).where(col(NamedArea.stream) == stream))
    return int(found or 0)


async def forget(tx: Tx, row: NamedArea) -> None:
    """Delete an area."""
    await tx.delete(row)
    await tx.flush()


async def villages(tx: Tx, stream: str) -> Sequence[Place]:
    """Return code, lon and lat of the county's villages; of its other places while it has no village."""
    rows = await tx.execute(
        text(
            "SELECT code, lon, lat, kind IN ('village', 'community') AS small FROM region "
            "WHERE code LIKE :county || '%' AND parent_code IS NOT NULL"
        ),
        {"county": stream},
    )
    found = rows.all()
    wanted = [row for row in found if row.small] or found
    return [(row.code, row.lon, row.lat) for row in wanted]
