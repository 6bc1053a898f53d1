"""Supplies (物资): what lies where, for how many it suffices, goods that come, are counted or thrown away."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.house import By, House, InHouse, InTx
from app.api.route import DeskRoute
from app.api.workbooks import WORKBOOK, WORKBOOK_BODY, Apply, workbook
from app.commands import RowId
from app.org.rules.access import require
from app.supplies.actions import expiry, imports
from app.supplies.actions import stock as actions
from app.supplies.commands import (
    ScrapIn,
    StockReceiptIn,
    StockTakeIn,
    SupplyItemIn,
    SupplyWarehouseIn,
    SupplyWarehousePatch,
)
from app.supplies.facts import (
    SuppliesFact,
    SupplyAdequacyFact,
    SupplyBooksFact,
    SupplyExpiringFact,
    SupplyImportOut,
    SupplyItemFact,
    SupplyMovementFact,
    SupplyPeriodFact,
    SupplyPileFact,
    SupplyShareFact,
    SupplyStockTakeFact,
    SupplyWarehouseFact,
)
from app.supplies.rules.adequacy import Adequacy, adequacy
from app.supplies.stock_sheet import write_sheet
from app.supplies.store import ledger, stock, takes

router = APIRouter(prefix="/api/supplies", tags=["supplies"], route_class=DeskRoute)
Number = Annotated[int, Query(ge=0, le=2**63 - 1)]


@router.get("")
async def overview(by: By, tx: InTx, house: InHouse) -> SuppliesFact:
    """Return warehouses and lots of the scope with the county's totals and adequacy."""
    require(by, "see_desk")
    day = house.supplies.today(house.clock.now())
    good = await stock.good_by_code(tx, by.stream, day)
    return SuppliesFact(
        day=day,
        adequacy=_adequacy(adequacy(house.supplies.norm, good)),
        items=await stock.items(tx, by.stream),
        warehouses=await stock.warehouses(tx, by.stream, by.scope),
        piles=await stock.piles(tx, by.stream, by.scope),
        totals=await stock.totals(tx, by.stream),
        key_periods=_periods(house),
        expiry_days=list(house.supplies.expiry_days),
    )


def _adequacy(found: Adequacy) -> SupplyAdequacyFact:
    return SupplyAdequacyFact(
        persons=found.persons,
        target=found.target,
        enough=found.enough,
        shares=[
            SupplyShareFact(
                id=one.category.id,
                name_zh=one.category.name_zh,
                name_en=one.category.name_en,
                codes=list(one.category.codes),
                per_person=one.category.per_person,
                quantity=one.quantity,
                persons=one.persons,
                missing=one.missing,
                limits=one.limits,
            )
            for one in found.shares
        ],
    )


def _periods(house: House) -> list[SupplyPeriodFact]:
    today = house.readiness.today(house.clock.now())
    found = house.readiness.key_periods(today, today)
    return [SupplyPeriodFact(zh=one.zh, en=one.en) for one in found]


@router.get("/expiring")
async def expiring(by: By, tx: InTx, house: InHouse) -> list[SupplyExpiringFact]:
    """Return the lots of the scope that run out of date within the longest alarm, or have."""
    require(by, "see_desk")
    return await expiry.near(tx, by.stream, by.scope, house.supplies, house.clock.now())


@router.get("/movements")
async def movements(
    by: By,
    tx: InTx,
    warehouse_id: Number = 0,
    before: Number = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[SupplyMovementFact]:
    """Return the movements of the scope, the newest first; `before` is the last number of the page above."""
    require(by, "see_desk")
    return await ledger.movements(
        tx,
        by,
        warehouse=warehouse_id,
        before=before,
        limit=limit,
    )


@router.get("/books")
async def books(by: By, tx: InTx) -> SupplyBooksFact:
    """Return the county's trial balance: its sum is zero."""
    require(by, "see_desk")
    return await ledger.books(tx, by.stream)


@router.post("/items", status_code=201)
async def register_item(told: SupplyItemIn, by: By, tx: InTx, house: InHouse) -> SupplyItemFact:
    """Enter a kind of goods with its code."""
    return await actions.register_item(tx, by, told, house.clock.now())


@router.post("/warehouses", status_code=201)
async def register_warehouse(
    told: SupplyWarehouseIn, by: By, tx: InTx, house: InHouse
) -> SupplyWarehouseFact:
    """Enter a warehouse."""
    return await actions.register_warehouse(tx, by, told, house.clock.now())


@router.patch("/warehouses/{warehouse_id}")
async def amend_warehouse(
    warehouse_id: RowId, told: SupplyWarehousePatch, by: By, tx: InTx, house: InHouse
) -> SupplyWarehouseFact:
    """Change a warehouse's keeper, telephone or place."""
    return await actions.amend_warehouse(tx, by, warehouse_id, told, house.clock.now())


@router.post("/receipts", status_code=201)
async def stock_up(told: StockReceiptIn, by: By, tx: InTx, house: InHouse) -> SupplyPileFact:
    """Take goods into a warehouse."""
    return await actions.stock_up(tx, by, told, house.clock.now())


@router.post("/scrappings", status_code=201)
async def scrap(told: ScrapIn, by: By, tx: InTx, house: InHouse) -> SupplyPileFact:
    """Throw goods away; what is reserved stays."""
    return await actions.scrap(tx, by, told, house.clock.now())


@router.get("/stock-takes")
async def stock_takes(by: By, tx: InTx, warehouse_id: Number = 0) -> list[SupplyStockTakeFact]:
    """Return the last stock-takes of the scope, or of one warehouse."""
    require(by, "see_desk")
    return await takes.listed(tx, by.stream, by.scope, warehouse=warehouse_id)


@router.post("/stock-takes", status_code=201)
async def take_stock(told: StockTakeIn, by: By, tx: InTx, house: InHouse) -> SupplyStockTakeFact:
    """Book what a stock-take found; every difference needs its reason."""
    return await actions.take_stock(tx, by, told, house.clock.now())


@router.get("/stock.xlsx", response_class=Response, responses=WORKBOOK)
async def export(by: By, tx: InTx) -> Response:
    """Return the stock of the scope as an Excel sheet, which can be changed and imported again."""
    require(by, "see_desk")
    stores = await stock.warehouses(tx, by.stream, by.scope)
    items = await stock.items(tx, by.stream)
    piles = await stock.piles(tx, by.stream, by.scope)
    sheet = await asyncio.to_thread(write_sheet, stores, items, piles)
    return workbook(sheet, "supplies")


@router.post(
    "/import",
    openapi_extra=WORKBOOK_BODY,
)
async def import_sheet(
    request: Request,
    by: By,
    tx: InTx,
    house: InHouse,
    apply: Apply = False,  # noqa: FBT002
) -> SupplyImportOut:
    """Take a sheet (the body, xlsx up to 2 MiB and 5,000 rows) into the books: all of it or nothing."""
    data = await request.body()
    return await imports.import_sheet(tx, by, data, house.clock.now(), apply=apply)
