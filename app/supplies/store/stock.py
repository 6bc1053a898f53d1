"""Items, warehouses and what lies in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.supplies.facts import (
    SupplyItemFact,
    SupplyPileFact,
    SupplyTotalFact,
    SupplyWarehouseFact,
)
from app.supplies.tables import SupplyItem, SupplyLot, SupplyWarehouse

_WAREHOUSE = (
    "SELECT id, level, name_zh, name_en, region_code, place, keeper, phone, lon, lat FROM supply_warehouse "
    "WHERE stream = :stream AND region_code LIKE :scope || '%'"
)
_PILE = """
SELECT b.place AS warehouse_id, l.item_id, l.id AS lot_id, l.number AS lot, l.expires_on,
       sum(b.quantity) FILTER (WHERE b.account = 'shelf') AS free,
       sum(b.quantity) FILTER (WHERE b.account = 'reserved') AS reserved
  FROM supply_balance b
  JOIN supply_lot l ON l.id = b.lot_id
  JOIN supply_warehouse w ON w.id = b.place
 WHERE b.account IN ('shelf', 'reserved') AND b.quantity > 0
   AND w.stream = :stream AND w.region_code LIKE :scope || '%'
 GROUP BY b.place, l.id ORDER BY b.place, l.item_id, l.expires_on NULLS LAST, l.id
"""
_TOTAL = """
SELECT l.item_id,
       coalesce(sum(b.quantity) FILTER (WHERE b.account = 'shelf'), 0) AS free,
       coalesce(sum(b.quantity) FILTER (WHERE b.account = 'reserved'), 0) AS reserved,
       coalesce(sum(b.quantity) FILTER (WHERE b.account = 'transit'), 0) AS transit,
       coalesce(sum(b.quantity) FILTER (WHERE b.account = 'field'), 0) AS field
  FROM supply_balance b
  JOIN supply_lot l ON l.id = b.lot_id
  JOIN supply_item i ON i.id = l.item_id
 WHERE i.stream = :stream AND b.account IN ('shelf', 'reserved', 'transit', 'field')
 GROUP BY l.item_id ORDER BY l.item_id
"""


@dataclass(frozen=True, slots=True)
class LotNamed:
    """A lot with the words people use for it."""

    lot_id: int
    item_id: int
    item: str
    item_en: str
    unit: str
    number: str
    expires_on: date | None


async def items(tx: Tx, stream: str) -> list[SupplyItemFact]:
    """Return the county's items by code."""
    found = await tx.execute(
        select(SupplyItem)
        .where(col(SupplyItem.stream) == stream)
        .order_by(col(SupplyItem.code), col(SupplyItem.id))
    )
    return [SupplyItemFact(**row.model_dump(exclude={"stream"})) for row in found.scalars()]


async def warehouses(tx: Tx, stream: str, scope: str) -> list[SupplyWarehouseFact]:
    """Return the warehouses of a scope, the city's first."""
    rows = await tx.execute(
        text(_WAREHOUSE + " ORDER BY level, region_code, id"), {"stream": stream, "scope": scope}
    )
    return [SupplyWarehouseFact(**row) for row in rows.mappings()]


async def warehouse(tx: Tx, stream: str, scope: str, warehouse_id: int) -> SupplyWarehouseFact | None:
    """Return a warehouse of the scope, or None."""
    rows = await tx.execute(
        text(_WAREHOUSE + " AND id = :id"), {"stream": stream, "scope": scope, "id": warehouse_id}
    )
    found = rows.mappings().first()
    return SupplyWarehouseFact(**found) if found else None


async def warehouse_row(tx: Tx, warehouse_id: int) -> SupplyWarehouse:
    """Return a warehouse that is known to exist as its row, locked until commit."""
    found = await tx.get(SupplyWarehouse, warehouse_id, with_for_update=True)
    assert found is not None
    return found


async def warehouse_named(tx: Tx, stream: str, name: str) -> bool:
    """Whether a warehouse of this name exists."""
    found = await tx.execute(
        select(SupplyWarehouse.id).where(
            col(SupplyWarehouse.stream) == stream, col(SupplyWarehouse.name_zh) == name
        )
    )
    return found.first() is not None


async def piles(tx: Tx, stream: str, scope: str) -> list[SupplyPileFact]:
    """Return every lot that lies in a warehouse of the scope."""
    rows = await tx.execute(text(_PILE), {"stream": stream, "scope": scope})
    return [
        SupplyPileFact(**{**row, "free": row["free"] or 0, "reserved": row["reserved"] or 0})
        for row in rows.mappings()
    ]


async def totals(tx: Tx, stream: str) -> list[SupplyTotalFact]:
    """Return how much of each item the county has, wherever it is."""
    rows = await tx.execute(text(_TOTAL), {"stream": stream})
    return [SupplyTotalFact(**row) for row in rows.mappings()]


async def good_by_code(tx: Tx, stream: str, today: date) -> list[tuple[str, int]]:
    """Return (item code, quantity) of what lies free and is not out of date."""
    rows = await tx.execute(
        text(
            "SELECT i.code, sum(b.quantity) AS quantity FROM supply_balance b "
            "JOIN supply_lot l ON l.id = b.lot_id JOIN supply_item i ON i.id = l.item_id "
            "WHERE i.stream = :stream AND b.account = 'shelf' "
            "AND (l.expires_on IS NULL OR l.expires_on >= :today) GROUP BY i.code"
        ),
        {"stream": stream, "today": today},
    )
    return [(row.code, int(row.quantity)) for row in rows]


async def lots_named(tx: Tx, stream: str, lot_ids: Sequence[int]) -> dict[int, LotNamed]:
    """Return lots of the county with their names."""
    rows = await tx.execute(
        text(
            "SELECT l.id AS lot_id, l.item_id, i.name_zh AS item, i.name_en AS item_en, i.unit, l.number, "
            "l.expires_on FROM supply_lot l "
            "JOIN supply_item i ON i.id = l.item_id WHERE i.stream = :stream AND l.id = ANY(:ids)"
        ),
        {"stream": stream, "ids": list(lot_ids)},
    )
    return {row["lot_id"]: LotNamed(**row) for row in rows.mappings()}


async def place_name(tx: Tx, kind: str, place: int) -> str:
    """Return what an account's place is called: a warehouse or the number of a transfer."""
    table, column = (
        ("supply_warehouse", "name_zh") if kind in {"shelf", "reserved"} else ("supply_transfer", "number")
    )
    found = await tx.scalar(text(f"SELECT {column} FROM {table} WHERE id = :id"), {"id": place})  # noqa: S608
    return str(found or "")


async def item_row(tx: Tx, stream: str, item_id: int) -> SupplyItem | None:
    """Return an item of the county, or None."""
    found = await tx.get(SupplyItem, item_id)
    return found if found is not None and found.stream == stream else None


async def item_named(tx: Tx, stream: str, name: str) -> SupplyItem | None:
    """Return the item of a name, or None."""
    found = await tx.execute(
        select(SupplyItem).where(col(SupplyItem.stream) == stream, col(SupplyItem.name_zh) == name)
    )
    return found.scalar_one_or_none()


async def lot_of(tx: Tx, item_id: int, number: str) -> SupplyLot | None:
    """Return a lot of an item by its number, or None."""
    found = await tx.execute(
        select(SupplyLot).where(col(SupplyLot.item_id) == item_id, col(SupplyLot.number) == number)
    )
    return found.scalar_one_or_none()


async def lots(tx: Tx, stream: str) -> dict[tuple[int, str], SupplyLot]:
    """Return every lot of the county by item and number."""
    found = await tx.execute(
        select(SupplyLot)
        .join(SupplyItem, col(SupplyItem.id) == col(SupplyLot.item_id))
        .where(col(SupplyItem.stream) == stream)
    )
    return {(row.item_id, row.number): row for row in found.scalars()}
