"""What runs out of date, and what was told of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from app.db import Tx
from app.supplies.tables import SupplyExpiryAlert

_NEAR = """
SELECT w.id AS warehouse_id, w.name_zh AS warehouse_name, w.region_code, w.keeper, w.phone,
       l.id AS lot_id, l.number AS lot, i.id AS item_id, i.name_zh AS item_zh, i.name_en AS item_en, i.unit,
       sum(b.quantity) AS quantity, l.expires_on
  FROM supply_balance b
  JOIN supply_lot l ON l.id = b.lot_id
  JOIN supply_item i ON i.id = l.item_id
  JOIN supply_warehouse w ON w.id = b.place
 WHERE b.account IN ('shelf', 'reserved') AND b.quantity > 0
   AND w.stream = :stream AND w.region_code LIKE :scope || '%' AND l.expires_on <= :until
 GROUP BY w.id, l.id, i.id ORDER BY l.expires_on, w.id, l.id
"""


async def near(tx: Tx, stream: str, scope: str, today: date, days: int) -> list[dict[str, Any]]:
    """Return the lots in warehouses that expire within so many days or have, the earliest first."""
    until = today + timedelta(days=days)
    rows = await tx.execute(text(_NEAR), {"stream": stream, "scope": scope, "until": until})
    return [{**row, "quantity": int(row["quantity"])} for row in rows.mappings()]


async def told(tx: Tx, stream: str) -> set[tuple[int, int, int]]:
    """Return (warehouse, lot, stage) of what was told already."""
    rows = await tx.execute(
        text(
            "SELECT a.warehouse_id, a.lot_id, a.stage FROM supply_expiry_alert a "
            "JOIN supply_warehouse w ON w.id = a.warehouse_id WHERE w.stream = :stream"
        ),
        {"stream": stream},
    )
    return {(row.warehouse_id, row.lot_id, row.stage) for row in rows}


async def note_told(tx: Tx, keys: list[tuple[int, int, int]], now: datetime) -> None:
    """Note that stages were told."""
    await tx.execute(
        insert(SupplyExpiryAlert),
        [
            {"warehouse_id": warehouse, "lot_id": lot, "stage": stage, "told_at": now}
            for warehouse, lot, stage in keys
        ],
    )
