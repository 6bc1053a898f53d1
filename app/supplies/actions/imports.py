"""Take a sheet of stock into the books: looked at first, then all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput
from app.sheets import CellFault, Sheet
from app.supplies.actions.booking import book
from app.supplies.events import SupplyImported
from app.supplies.facts import SupplyImportOut, SupplyImportRow, SupplyPileFact
from app.supplies.rules.ledger import Account, Movement
from app.supplies.stock_sheet import Known, StockRow, differing, read_rows, read_sheet
from app.supplies.store import ledger, stock
from app.supplies.store.ledger import Stamp
from app.supplies.tables import SupplyItem, SupplyLot

FAULTS_TOLD = 200
REASON = "表格导入"
Piles = Mapping[tuple[int, str, str], SupplyPileFact]
"""What lies in a warehouse by its number, the item's name and the lot's number."""


async def import_sheet(tx: Tx, by: Viewer, data: bytes, now: datetime, *, apply: bool) -> SupplyImportOut:
    """Say what a sheet would do to the stock, and do it when `apply`.

    A row says what lies in a warehouse of a lot, reserved goods included; the difference is booked. Lots
    that are not named stay as they are. Raises NotPermitted, InvalidInput (not a sheet; with `apply` also
    for any cell that cannot be taken).
    """
    require(by, "keep_supplies")
    sheet = await asyncio.to_thread(read_sheet, data)
    if apply:
        await ledger.serialise(tx, by.stream)
    known, piles = await _known(tx, by)
    rows, faults = await asyncio.to_thread(read_rows, sheet, known)
    faults += _below_reserved(sheet, rows, piles)
    if apply and faults:
        raise InvalidInput(
            *(FieldFault(f.cell, f"{f.cell}:{f.zh}", f"{f.cell}: {f.en}") for f in faults[:FAULTS_TOLD])
        )
    preview = [_preview(row, piles) for row in rows]
    if apply:
        await _apply(tx, by, rows, piles, preview, now)
    return SupplyImportOut(
        applied=apply,
        created=sum(one.action == "create" for one in preview),
        amended=sum(one.action == "amend" for one in preview),
        unchanged=sum(one.action == "unchanged" for one in preview),
        faults=faults[:FAULTS_TOLD],
        faults_total=len(faults),
        rows=preview,
    )


async def _known(tx: Tx, by: Viewer) -> tuple[Known, Piles]:
    items = await stock.items(tx, by.stream)
    names = {one.id: one.name_zh for one in items}
    lots = await stock.lots(tx, by.stream)
    known = Known(
        {one.name_zh: one.id for one in await stock.warehouses(tx, by.stream, by.scope)},
        {one.name_zh: (one.id, one.code, one.unit) for one in items},
        {(names[item], number): lot.expires_on for (item, number), lot in lots.items()},
    )
    piles = await stock.piles(tx, by.stream, by.scope)
    return known, {(one.warehouse_id, names[one.item_id], one.lot): one for one in piles}


def _below_reserved(sheet: Sheet, rows: Sequence[StockRow], piles: Piles) -> list[CellFault]:
    return [
        CellFault(
            cell=f"{sheet.letters['quantity']}{row.row}",
            zh=f"在库不能少于已预留的 {pile.reserved},请先撤销调拨单",
            en=f"{pile.reserved} are reserved: cancel their transfer first",
        )
        for row in rows
        if (pile := piles.get((row.warehouse_id, row.item, row.lot))) and row.quantity < pile.reserved
    ]


def _preview(row: StockRow, piles: Piles) -> SupplyImportRow:
    pile = piles.get((row.warehouse_id, row.item, row.lot))
    booked = pile.free + pile.reserved if pile else 0
    changed = differing(row, booked, fresh_item=row.item_id is None)
    return SupplyImportRow(
        row=row.row,
        action="unchanged" if not changed else "create" if pile is None else "amend",
        warehouse=row.warehouse,
        item=row.item,
        lot=row.lot,
        quantity=row.quantity,
        booked=booked,
        changed=list(changed),
    )


async def _apply(
    tx: Tx,
    by: Viewer,
    rows: Sequence[StockRow],
    piles: Piles,
    preview: Sequence[SupplyImportRow],
    now: datetime,
) -> None:
    items = await _items(tx, by, rows)
    lots = await _lots(tx, by, rows, items)
    moved = []
    for row, shown in zip(rows, preview, strict=True):
        lot, shelf = lots[items[row.item], row.lot], Account("shelf", row.warehouse_id)
        more = row.quantity - shown.booked
        known = (row.warehouse_id, row.item, row.lot) in piles
        if more > 0 and not known:
            moved.append(Movement("received", lot, more, Account("source"), shelf, REASON))
        elif more > 0:
            moved.append(Movement("counted_more", lot, more, Account("difference"), shelf, REASON))
        elif more < 0:
            moved.append(Movement("counted_less", lot, -more, shelf, Account("difference"), REASON))
    if not any(one.changed for one in preview):
        return
    await book(tx, by.stream, moved, Stamp(now, now, by.name))
    touched = {one.warehouse for one in preview if one.changed}
    event = SupplyImported(
        type="supply.imported",
        warehouses=sorted(touched),
        created=sum(one.action == "create" for one in preview),
        amended=sum(one.action == "amend" for one in preview),
    )
    where = await stock.warehouses(tx, by.stream, by.scope)
    codes = tuple(sorted({one.region_code for one in where if one.name_zh in touched}))
    await journal.append(tx, by.stream, now, [journal.Entry(event, Concern(codes))], actor(by))


async def _items(tx: Tx, by: Viewer, rows: Sequence[StockRow]) -> dict[str, int]:
    """Return the items by name, those that the sheet brings along entered."""
    fresh = {row.item: row for row in rows if row.item_id is None}
    tx.add_all(
        SupplyItem(stream=by.stream, code=row.code, name_zh=name, unit=row.unit)
        for name, row in fresh.items()
    )
    await tx.flush()
    return {one.name_zh: one.id for one in await stock.items(tx, by.stream)}


async def _lots(
    tx: Tx, by: Viewer, rows: Sequence[StockRow], items: Mapping[str, int]
) -> dict[tuple[int, str], int]:
    """Return the lots by item and number, those that the sheet brings along entered."""
    known = await stock.lots(tx, by.stream)
    fresh = {(items[row.item], row.lot): row.expires_on for row in rows}
    tx.add_all(
        SupplyLot(item_id=item, number=number, expires_on=day)
        for (item, number), day in fresh.items()
        if (item, number) not in known
    )
    await tx.flush()
    return {key: row.id or 0 for key, row in (await stock.lots(tx, by.stream)).items()}
