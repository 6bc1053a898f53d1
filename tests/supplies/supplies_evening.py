"""Everything that can happen to supplies, one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.supplies.actions import expiry, imports, requests, stock, transfers
from app.supplies.commands import (
    CountLineIn,
    ScrapIn,
    StockReceiptIn,
    StockTakeIn,
    SupplyItemIn,
    SupplyWarehouseIn,
    SupplyWarehousePatch,
)
from app.supplies.settings import load_policy
from app.supplies.transfer_commands import (
    ReceiptIn,
    ReturnLineIn,
    SignatureIn,
    SupplyCancelIn,
    SupplyNeedIn,
    SupplyRequestIn,
    SupplyReturnIn,
    TransferIssueIn,
)
from app.supplies.transfer_facts import SupplyRequestedFact
from tests.supplies.sheets import sheet_of
from tests.supplies.stores import B2, BLANKET, CITY, EASTERN, lay_in
from tests.world import EAST, EAST_BANK, STREAM, ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]
POLICY = load_policy(None, "樟应调", ZONE)


async def supplies_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of supplies."""
    await world.do(lambda tx: lay_in(tx, world))
    await _register(world, do)
    await _stock(world, do)
    await _orders(world, do)
    await do(lambda tx: expiry.watch(tx, STREAM, POLICY, world.clock.now()))


async def _register(world: World, do: Do) -> None:
    by, now = world.people["east"], world.clock.now()
    item = SupplyItemIn(code="1020101", name_zh="方便面", unit="箱")
    await do(lambda tx: stock.register_item(tx, by, item, now))
    told = SupplyWarehouseIn(level="township", name_zh="东镇二库", region_code=EAST)
    made = await do(lambda tx: stock.register_warehouse(tx, by, told, now))
    patch = SupplyWarehousePatch(keeper="李四")
    await do(lambda tx: stock.amend_warehouse(tx, by, made.id, patch, now))


async def _stock(world: World, do: Do) -> None:
    by, now = world.people["officer"], world.clock.now()
    today = POLICY.today(now)
    for lot, days in (("soon", 9), ("gone", -9)):
        told = StockReceiptIn(
            warehouse_id=EASTERN,
            item_id=BLANKET,
            quantity=5,
            lot=lot,
            expires_on=today + timedelta(days=days),
            reason="采购",
        )
        await do(lambda tx, told=told: stock.stock_up(tx, by, told, now))  # type: ignore[misc]
    bad = ScrapIn(warehouse_id=CITY, lot_id=B2, quantity=1, reason="霉变")
    await do(lambda tx: stock.scrap(tx, by, bad, now))
    line = CountLineIn(lot_id=B2, booked=599, counted=598, reason="短少")
    take = StockTakeIn(warehouse_id=CITY, counted_by="张保管", lines=[line])
    await do(lambda tx: stock.take_stock(tx, by, take, now))
    sheet = sheet_of(("市储备库", None, "棉被", None, "B2", "2026-08-01", 600))
    await do(lambda tx: imports.import_sheet(tx, by, sheet, now, apply=True))


async def _orders(world: World, do: Do) -> None:
    by, now = world.people["officer"], world.clock.now()
    signed: dict[str, Any] = {"name": "张保管"}

    async def asked() -> int:
        told = SupplyRequestIn(
            region_code=EAST_BANK, reason="转移", needs=[SupplyNeedIn(item_id=BLANKET, quantity=5)]
        )
        made: SupplyRequestedFact = await do(lambda tx: requests.ask(tx, by, told, now, POLICY, None))
        return made.transfers[0].id

    first = await asked()
    await do(lambda tx: transfers.cancel(tx, by, first, SupplyCancelIn(reason="误报"), now))
    second = await asked()
    await do(lambda tx: transfers.issue(tx, by, second, TransferIssueIn(**signed), now, POLICY))
    await do(lambda tx: transfers.carry(tx, by, second, SignatureIn(**signed), now))
    came = await do(lambda tx: transfers.receive(tx, by, second, ReceiptIn(**signed), now))
    lines = [ReturnLineIn(lot_id=one.lot_id, returned=one.received) for one in came.lines]
    back = SupplyReturnIn(reason="任务结束", lines=lines)
    await do(lambda tx: transfers.give_back(tx, by, second, back, now))
