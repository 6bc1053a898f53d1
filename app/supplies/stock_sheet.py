"""The stock of warehouses as an Excel sheet: its columns, and what its cells mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.cells import CellReader, day, whole, word
from app.sheets import Cell, CellFault, Sheet, SheetRow, Unfit, read_book, text_of, write_book
from app.supplies.commands import MOST
from app.supplies.facts import SupplyItemFact, SupplyPileFact, SupplyWarehouseFact
from app.supplies.rules.codes import CODE_FORM, is_code

HEADERS: Mapping[str, str] = {
    "warehouse": "仓库",
    "code": "物资编码",
    "item": "物资名称",
    "unit": "单位",
    "lot": "批号",
    "expires_on": "有效期至",
    "quantity": "在库数量",
    "reserved": "其中已预留",
}
_WIDTHS = (30, 12, 16, 6, 18, 14, 12, 12)
_REQUIRED = ("warehouse", "item", "quantity")


@dataclass(frozen=True, slots=True)
class Known:
    """What a sheet may name: warehouses of the scope, items (name → code, unit), expiry by item and lot."""

    warehouses: Mapping[str, int]
    items: Mapping[str, tuple[int, str, str]]
    expiry: Mapping[tuple[str, str], date | None]


@dataclass(frozen=True, slots=True)
class StockRow:
    """A row that can be taken; `item_id` is None for an item that the sheet brings along."""

    row: int
    warehouse_id: int
    warehouse: str
    item_id: int | None
    item: str
    code: str
    unit: str
    lot: str
    expires_on: date | None
    quantity: int


def write_sheet(
    warehouses: Iterable[SupplyWarehouseFact],
    items: Iterable[SupplyItemFact],
    piles: Iterable[SupplyPileFact],
) -> bytes:
    """Return what lies in warehouses as xlsx, a lot a row; it can be changed and taken in again."""
    stores, kinds = {one.id: one for one in warehouses}, {one.id: one for one in items}
    return write_book(
        "物资库存",
        tuple(HEADERS.values()),
        _WIDTHS,
        (
            [
                stores[pile.warehouse_id].name_zh,
                kinds[pile.item_id].code,
                kinds[pile.item_id].name_zh,
                kinds[pile.item_id].unit,
                pile.lot,
                pile.expires_on.isoformat() if pile.expires_on else None,
                pile.free + pile.reserved,
                pile.reserved,
            ]
            for pile in piles
        ),
    )


def read_sheet(data: bytes) -> Sheet:
    """Return the rows of the first worksheet. Raises InvalidInput for what is no such sheet."""
    return read_book(data, HEADERS, _REQUIRED)


def read_rows(sheet: Sheet, known: Known) -> tuple[list[StockRow], list[CellFault]]:
    """Return the rows that can be taken and what is wrong with the others, cell by cell."""
    reader = _Reader(CellReader(sheet.letters, "item"), known)
    rows = [row for one in sheet.rows if (row := reader.read(one)) is not None]
    return rows, reader.cells.faults


@dataclass
class _Reader:
    cells: CellReader
    known: Known
    brought: dict[str, tuple[str, str]] = field(default_factory=dict)
    expiry: dict[tuple[str, str], date | None] = field(default_factory=dict)

    def read(self, row: SheetRow) -> StockRow | None:
        before = len(self.cells.faults)
        warehouse = self.cells.take(row, "warehouse", word(60, required=True), "")
        item = self.cells.take(row, "item", word(60, required=True), "")
        code = self.cells.take(row, "code", _code, "")
        unit = self.cells.take(row, "unit", word(8), "")
        lot = self.cells.take(row, "lot", word(60), "")
        expires_on = self.cells.take(row, "expires_on", day, None)
        quantity = self.cells.take(row, "quantity", whole(MOST), 0)
        if len(self.cells.faults) > before:
            return None
        warehouse_id = self.known.warehouses.get(warehouse)
        if warehouse_id is None:
            self.cells.complain(
                row, "warehouse", f"您的辖区没有仓库“{warehouse}”", f"no warehouse {warehouse} in your scope"
            )
            return None
        item_id, code, unit = self._item(row, item, code, unit)
        self._same_day(row, item, lot, expires_on)
        self.cells.once(row, "item", (warehouse_id, item, lot))
        if len(self.cells.faults) > before:
            return None
        return StockRow(
            row.row, warehouse_id, warehouse, item_id, item, code, unit, lot, expires_on, quantity
        )

    def _item(self, row: SheetRow, item: str, code: str, unit: str) -> tuple[int | None, str, str]:
        """Return number, code and unit of the item; one that is not known needs both in the sheet."""
        item_id: int | None = None
        if (listed := self.known.items.get(item)) is not None:
            item_id, known_code, known_unit = listed
        elif item in self.brought:
            known_code, known_unit = self.brought[item]
        elif code and unit:
            self.brought[item] = (code, unit)
            return None, code, unit
        else:
            zh = f"目录中没有“{item}”,新物资须同时填写编码和单位"
            self.cells.complain(row, "item", zh, f"no item {item}: a new one needs code and unit")
            return None, code, unit
        for key, told, real in (("code", code, known_code), ("unit", unit, known_unit)):
            if told and told != real:
                self.cells.complain(row, key, f"“{item}”登记为 {real}", f"{item} is registered with {real}")
        return item_id, known_code, known_unit

    def _same_day(self, row: SheetRow, item: str, lot: str, expires_on: date | None) -> None:
        key = (item, lot)
        held = self.known.expiry.get(key, self.expiry.get(key, expires_on))
        self.expiry.setdefault(key, expires_on)
        if held != expires_on:
            zh = f"批号“{lot}”的有效期为 {held or '无'},同一批次只有一个有效期"
            self.cells.complain(
                row, "expires_on", zh, f"lot {lot} expires on {held or 'no day'}: a lot has one date"
            )


def _code(cell: Cell) -> str:
    code = text_of(cell, 20)
    if code and not is_code(code):
        raise Unfit(*CODE_FORM)
    return code


def differing(row: StockRow, booked: int, *, fresh_item: bool) -> Sequence[str]:
    """Return what a row changes."""
    return [*(["item"] if fresh_item else []), *(["quantity"] if booked != row.quantity else [])]
