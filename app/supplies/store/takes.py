"""Stock-takes as they were made."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import text

from app.db import Tx
from app.supplies.facts import SupplyCountLineFact, SupplyStockTakeFact

_TAKE = """
SELECT s.id, s.warehouse_id, w.name_zh AS warehouse_name, w.region_code, s.counted_by, s.counted_at,
       s.entered_at, s.entered_by, s.note
  FROM supply_stock_take s JOIN supply_warehouse w ON w.id = s.warehouse_id
 WHERE s.stream = :stream AND w.region_code LIKE :scope || '%'
   AND (CAST(:warehouse AS bigint) = 0 OR w.id = :warehouse) AND (CAST(:id AS bigint) = 0 OR s.id = :id)
 ORDER BY s.id DESC LIMIT :limit
"""
_LINE = """
SELECT n.stock_take_id, n.lot_id, i.name_zh AS item_zh, i.name_en AS item_en, i.unit, l.number AS lot,
       n.booked, n.counted, n.reason
  FROM supply_stock_take_line n
  JOIN supply_lot l ON l.id = n.lot_id
  JOIN supply_item i ON i.id = l.item_id
 WHERE n.stock_take_id = ANY(:ids) ORDER BY i.code, i.id, l.id
"""


async def listed(
    tx: Tx, stream: str, scope: str, *, warehouse: int = 0, id_: int = 0, limit: int = 50
) -> list[SupplyStockTakeFact]:
    """Return stock-takes of the scope, the newest first: of one warehouse, or one of them (0: all)."""
    told = {"stream": stream, "scope": scope, "warehouse": warehouse, "id": id_, "limit": limit}
    rows = (await tx.execute(text(_TAKE), told)).mappings().all()
    lines: defaultdict[int, list[SupplyCountLineFact]] = defaultdict(list)
    found = await tx.execute(text(_LINE), {"ids": [row["id"] for row in rows]})
    for line in found.mappings():
        shown = {name: value for name, value in line.items() if name != "stock_take_id"}
        lines[line["stock_take_id"]].append(SupplyCountLineFact(**shown))
    return [SupplyStockTakeFact(**row, lines=lines[row["id"]]) for row in rows]
