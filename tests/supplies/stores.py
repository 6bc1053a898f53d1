"""Warehouses for tests: the city's, one in the east, one in the west.

| warehouse | blankets B1 (expires 2025-08-01) | blankets B2 (2026) | boats |
|---|---|---|---|
| CITY | – | 600 | 4 |
| EASTERN | 50 | 50 | – |
| WESTERN | – | 300 | 2 |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, text

from app.db import Tx
from app.supplies.actions.booking import book
from app.supplies.rules.ledger import Account, Movement
from app.supplies.store.ledger import Stamp, serialise
from app.supplies.tables import SupplyItem, SupplyLot, SupplyWarehouse
from tests.api.desk import Desk
from tests.world import COUNTY, EAST, EAST_BANK, STREAM, WEST, World

CITY, EASTERN, WESTERN = 1, 2, 3
BLANKET, BOAT = 1, 2
B1, B2, BOATS = 1, 2, 3
SIGNED = {"name": "张保管", "phone": "13811110000"}
_LYING = ((CITY, B2, 600), (CITY, BOATS, 4), (EASTERN, B1, 50), (EASTERN, B2, 50), (WESTERN, B2, 300))


async def lay_in(tx: Tx, world: World) -> None:
    """Write the warehouses, the items, and what lies there through the books."""
    at = {"lon": 118.2, "lat": 28.5}
    stores = (
        (CITY, "city", "市储备库", COUNTY, at),
        (EASTERN, "township", "东镇储备点", EAST, {"lon": 118.21, "lat": 28.51}),
        (WESTERN, "township", "西镇储备点", WEST, {"lon": 118.1, "lat": 28.4}),
    )
    await tx.execute(
        insert(SupplyWarehouse),
        [
            {
                "id": number,
                "stream": STREAM,
                "level": level,
                "name_zh": name,
                "name_en": "",
                "region_code": region,
                "place": "",
                "keeper": f"{name}保管员",
                "phone": "13800001111",
                **place,
            }
            for number, level, name, region, place in stores
        ],
    )
    items = ((BLANKET, "1010101", "棉被", "床"), (BOAT, "2030101", "冲锋舟", "艘"))
    await tx.execute(
        insert(SupplyItem),
        [
            {"id": n, "stream": STREAM, "code": code, "name_zh": name, "name_en": "", "unit": unit}
            for n, code, name, unit in items
        ],
    )
    lots = (
        (B1, BLANKET, "B1", date(2025, 8, 1)),
        (B2, BLANKET, "B2", date(2026, 8, 1)),
        (BOATS, BOAT, "", None),
    )
    await tx.execute(
        insert(SupplyLot),
        [{"id": n, "item_id": item, "number": lot, "expires_on": day} for n, item, lot, day in lots],
    )
    for table in ("supply_warehouse", "supply_item", "supply_lot"):
        await tx.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        )
    await serialise(tx, STREAM)
    now = world.clock.now()
    moved = [
        Movement("received", lot, quantity, Account("source"), Account("shelf", store), "初始")
        for store, lot, quantity in (*_LYING, (WESTERN, BOATS, 2))
    ]
    await book(tx, STREAM, moved, Stamp(now, now, "初始"))


@dataclass
class Stores:
    """The warehouses behind the API."""

    desk: Desk

    async def ask(self, quantity: int, who: str = "officer", item: int = BLANKET, **more: Any) -> Any:
        """Ask for blankets on the east bank; return the answer as it came."""
        told = {
            "region_code": EAST_BANK,
            "reason": "转移群众",
            "needs": [{"item_id": item, "quantity": quantity}],
            **more,
        }
        return await self.desk.post(who, "/api/supplies/requests", told)

    async def asked(self, quantity: int, who: str = "officer", **more: Any) -> dict[str, Any]:
        """Ask for what there is."""
        return self.done(await self.ask(quantity, who, **more), 201)

    async def step(self, who: str, order: int, what: str, **told: Any) -> Any:
        """Take a step with a transfer order; return the answer as it came."""
        signed = {} if what in {"return", "cancellation"} else SIGNED
        return await self.desk.post(who, f"/api/supplies/transfers/{order}/{what}", {**signed, **told})

    async def stepped(self, who: str, order: int, what: str, **told: Any) -> dict[str, Any]:
        """Take a step that must succeed."""
        return self.done(await self.step(who, order, what, **told))

    async def delivered(self, order: int, who: str = "officer", **told: Any) -> dict[str, Any]:
        """Bring an order to whom it is for."""
        await self.stepped(who, order, "issue")
        await self.stepped(who, order, "carriage")
        return await self.stepped(who, order, "receipt", **told)

    async def lying(self, warehouse: int, lot: int) -> tuple[int, int]:
        """Return (free, reserved) of a lot in a warehouse."""
        page = await self.desk.read("officer", "/api/supplies")
        for pile in page["piles"]:
            if (pile["warehouse_id"], pile["lot_id"]) == (warehouse, lot):
                return pile["free"], pile["reserved"]
        return 0, 0

    async def books_balance(self) -> dict[str, int]:
        """Check that the books sum up to zero and that the balances are the sums of their lines."""
        found = await self.desk.read("officer", "/api/supplies/books")
        assert found["sum"] == 0
        wrong = await self.desk.world.rows(
            "SELECT b.* FROM supply_balance b FULL JOIN (SELECT account, place, lot_id, sum(quantity) AS q"
            " FROM supply_line GROUP BY account, place, lot_id) n USING (account, place, lot_id)"
            " WHERE b.quantity IS DISTINCT FROM n.q OR (b.quantity < 0 AND account"
            " IN ('shelf', 'reserved', 'transit', 'field'))"
        )
        assert wrong == []
        accounts: dict[str, int] = found["accounts"]
        return accounts

    @staticmethod
    def done(answer: Any, status: int = 200) -> dict[str, Any]:
        """Return what an answer that must be one says."""
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found


async def settle_stores(desk: Desk) -> Stores:
    """Lay in the stock and return the warehouses."""
    await desk.world.do(lambda tx: lay_in(tx, desk.world))
    return Stores(desk)
