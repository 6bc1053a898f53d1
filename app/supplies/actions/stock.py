"""Goods come in, go bad or are counted; items and warehouses are entered."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.org.store import region
from app.refusals import FieldFault, InvalidInput, NotFound
from app.supplies.actions.booking import book
from app.supplies.commands import (
    ScrapIn,
    StockReceiptIn,
    StockTakeIn,
    SupplyItemIn,
    SupplyWarehouseIn,
    SupplyWarehousePatch,
)
from app.supplies.events import SupplyCounted, SupplyRegisterChanged, SupplyStockChanged
from app.supplies.facts import (
    SupplyItemFact,
    SupplyPileFact,
    SupplyStockTakeFact,
    SupplyWarehouseFact,
)
from app.supplies.refusals import StaleCount, SupplyNameTaken
from app.supplies.rules import hand_over
from app.supplies.rules.ledger import Account, Movement
from app.supplies.store import ledger, stock, takes
from app.supplies.store.ledger import Stamp
from app.supplies.tables import (
    SupplyItem,
    SupplyLot,
    SupplyStockTake,
    SupplyStockTakeLine,
    SupplyWarehouse,
)
from app.times import three_times


async def register_item(tx: Tx, by: Viewer, told: SupplyItemIn, now: datetime) -> SupplyItemFact:
    """Enter a kind of goods: the catalogue is the county's. Raises NotPermitted, SupplyNameTaken."""
    require(by, "keep_supplies")
    await ledger.serialise(tx, by.stream)
    if await stock.item_named(tx, by.stream, told.name_zh) is not None:
        raise SupplyNameTaken(told.name_zh)
    row = SupplyItem(stream=by.stream, **told.model_dump())
    tx.add(row)
    await tx.flush()
    fact = SupplyItemFact(**row.model_dump(exclude={"stream"}))
    event = SupplyRegisterChanged(type="supply.item_registered", item=fact, warehouse=None)
    where = Concern((by.scope.ljust(12, "0"),))
    await journal.append(tx, by.stream, now, [journal.Entry(event, where)], actor(by))
    return fact


async def register_warehouse(
    tx: Tx, by: Viewer, told: SupplyWarehouseIn, now: datetime
) -> SupplyWarehouseFact:
    """Enter a warehouse. Raises NotPermitted, NotFound (the place), SupplyNameTaken."""
    require(by, "keep_supplies")
    place = await region(tx, told.region_code)
    if place is None or not by.covers(told.region_code):
        raise NotFound("该地区", "place")
    await ledger.serialise(tx, by.stream)
    if await stock.warehouse_named(tx, by.stream, told.name_zh):
        raise SupplyNameTaken(told.name_zh)
    at = {"lon": place.lon, "lat": place.lat} if told.lon is None else {}
    row = SupplyWarehouse(stream=by.stream, **{**told.model_dump(), **at})
    tx.add(row)
    await tx.flush()
    return await _registered(tx, by, row.id or 0, "supply.warehouse_registered", now)


async def amend_warehouse(
    tx: Tx, by: Viewer, warehouse_id: int, told: SupplyWarehousePatch, now: datetime
) -> SupplyWarehouseFact:
    """Change a warehouse's keeper, telephone or place. Raises NotFound, NotPermitted."""
    await _warehouse(tx, by, warehouse_id)
    row = await stock.warehouse_row(tx, warehouse_id)
    for name, value in told.model_dump(exclude_none=True).items():
        setattr(row, name, value)
    await tx.flush()
    return await _registered(tx, by, warehouse_id, "supply.warehouse_amended", now)


async def _registered(
    tx: Tx,
    by: Viewer,
    warehouse_id: int,
    what: Literal["supply.warehouse_registered", "supply.warehouse_amended"],
    now: datetime,
) -> SupplyWarehouseFact:
    fact = await stock.warehouse(tx, by.stream, by.scope, warehouse_id)
    assert fact is not None
    event = SupplyRegisterChanged(type=what, item=None, warehouse=fact)
    entry = journal.Entry(event, Concern((fact.region_code,)))
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return fact


async def stock_up(tx: Tx, by: Viewer, told: StockReceiptIn, now: datetime) -> SupplyPileFact:
    """Take goods into a warehouse. Raises NotFound, NotPermitted, InvalidInput (another date of the lot)."""
    store = await _warehouse(tx, by, told.warehouse_id)
    at, _ = three_times(told.happened_at, None, now, "happened_at")
    await ledger.serialise(tx, by.stream)
    item = await stock.item_row(tx, by.stream, told.item_id)
    if item is None:
        raise NotFound("该物资", "item")
    lot = await stock.lot_of(tx, told.item_id, told.lot)
    if lot is None:
        lot = SupplyLot(item_id=told.item_id, number=told.lot, expires_on=told.expires_on)
        tx.add(lot)
        await tx.flush()
    elif lot.expires_on != told.expires_on:
        raise InvalidInput(
            FieldFault(
                "expires_on",
                f"批次“{told.lot}”登记的有效期为 {lot.expires_on or '无'},请核对或换一个批号",
                f"the lot {told.lot} expires on {lot.expires_on or 'no day'}: check it or use another number",
            )
        )
    lot_id = lot.id or 0
    came = Movement(
        "received", lot_id, told.quantity, Account("source"), Account("shelf", store.id), told.reason
    )
    await book(tx, by.stream, [came], Stamp(at, now, by.name))
    return await _changed(tx, by, store, lot_id, told.quantity, told.reason, "supply.stocked", now)


async def scrap(tx: Tx, by: Viewer, told: ScrapIn, now: datetime) -> SupplyPileFact:
    """Throw goods away. Raises NotFound, NotPermitted, StockShort."""
    store = await _warehouse(tx, by, told.warehouse_id)
    at, _ = three_times(told.happened_at, None, now, "happened_at")
    await ledger.serialise(tx, by.stream)
    if not await stock.lots_named(tx, by.stream, [told.lot_id]):
        raise NotFound("该批次", "lot")
    shelf = Account("shelf", store.id)
    gone = Movement("scrapped", told.lot_id, told.quantity, shelf, Account("scrapped"), told.reason)
    await book(tx, by.stream, [gone], Stamp(at, now, by.name))
    return await _changed(tx, by, store, told.lot_id, told.quantity, told.reason, "supply.scrapped", now)


async def take_stock(tx: Tx, by: Viewer, told: StockTakeIn, now: datetime) -> SupplyStockTakeFact:
    """Book what a stock-take found, each difference with its reason.

    Raises NotFound, NotPermitted, StaleCount (the books changed meanwhile), InvalidInput.
    """
    store = await _warehouse(tx, by, told.warehouse_id)
    at, _ = three_times(told.counted_at, None, now, "counted_at")
    await ledger.serialise(tx, by.stream)
    named = await stock.lots_named(tx, by.stream, [one.lot_id for one in told.lines])
    lying = {one.lot_id: one for one in await _lying(tx, by, store.id)}
    lines = []
    for one in told.lines:
        if one.lot_id not in named:
            raise NotFound("该批次", "lot")
        pile = lying.get(one.lot_id)
        free, reserved = (pile.free, pile.reserved) if pile else (0, 0)
        if free + reserved != one.booked:
            raise StaleCount(named[one.lot_id].item, free + reserved)
        lines.append(hand_over.Counted(one.lot_id, free, reserved, one.counted, one.reason))
    moved = list(hand_over.count(store.id, lines))
    row = SupplyStockTake(
        stream=by.stream,
        warehouse_id=store.id,
        counted_by=told.counted_by,
        counted_at=at,
        entered_at=now,
        entered_by=by.name,
        note=told.note,
    )
    tx.add(row)
    await tx.flush()
    tx.add_all(
        SupplyStockTakeLine(
            stock_take_id=row.id or 0,
            lot_id=one.lot_id,
            booked=one.free + one.reserved,
            counted=one.counted,
            reason=one.reason,
        )
        for one in lines
    )
    await book(tx, by.stream, moved, Stamp(at, now, by.name, stock_take_id=row.id))
    await tx.flush()
    (fact,) = await takes.listed(tx, by.stream, by.scope, id_=row.id or 0)
    event = SupplyCounted(type="supply.counted", take=fact, differences=len(moved))
    entry = journal.Entry(event, Concern((store.region_code,)))
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return fact


async def _warehouse(tx: Tx, by: Viewer, warehouse_id: int) -> SupplyWarehouseFact:
    found = await stock.warehouse(tx, by.stream, by.scope, warehouse_id)
    if found is None:
        raise NotFound("该仓库", "warehouse")
    require(by, "keep_supplies")
    return found


async def _lying(tx: Tx, by: Viewer, warehouse_id: int) -> list[SupplyPileFact]:
    return [one for one in await stock.piles(tx, by.stream, by.scope) if one.warehouse_id == warehouse_id]


async def _changed(
    tx: Tx,
    by: Viewer,
    store: SupplyWarehouseFact,
    lot_id: int,
    quantity: int,
    reason: str,
    what: Literal["supply.stocked", "supply.scrapped"],
    now: datetime,
) -> SupplyPileFact:
    lot = (await stock.lots_named(tx, by.stream, [lot_id]))[lot_id]
    pile = next((one for one in await _lying(tx, by, store.id) if one.lot_id == lot_id), None)
    event = SupplyStockChanged(
        type=what,
        warehouse_id=store.id,
        warehouse_name=store.name_zh,
        item_zh=lot.item,
        item_en=lot.item_en,
        unit=lot.unit,
        lot=lot.number,
        quantity=quantity,
        free=pile.free if pile else 0,
        reason=reason,
    )
    entry = journal.Entry(event, Concern((store.region_code,)))
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return pile or SupplyPileFact(
        warehouse_id=store.id,
        item_id=lot.item_id,
        lot_id=lot_id,
        lot=lot.number,
        expires_on=lot.expires_on,
        free=0,
        reserved=0,
    )
