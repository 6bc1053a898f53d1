"""The stock of warehouses as an Excel sheet: its columns, and what its cells mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from app.sheets import Cell, CellFault, Sheet, SheetRow, Unfit, read_book, text_of, write_book
from app.supplies.commands import MOST
from app.supplies.facts import SupplyItemFact, SupplyPileFact, SupplyWarehouseFact
from app.supplies.rules.codes import CODE_FORM, is_code

T = TypeVar("T")

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
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")


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
    reader = _Reader(sheet.letters, known)
    rows = [row for one in sheet.rows if (row := reader.read(one)) is not None]
    return rows, reader.faults


@dataclass
class _Reader:
    letters: Mapping[str, str]
    known: Known
    faults: list[CellFault] = field(default_factory=list)
    seen: dict[tuple[int, str, str], int] = field(default_factory=dict)
    brought: dict[str, tuple[str, str]] = field(default_factory=dict)
    expiry: dict[tuple[str, str], date | None] = field(default_factory=dict)

    def read(self, row: SheetRow) -> StockRow | None:
        before = len(self.faults)
        warehouse = self._take(row, "warehouse", lambda cell: text_of(cell, 60, required=True), "")
        item = self._take(row, "item", lambda cell: text_of(cell, 60, required=True), "")
        code = self._take(row, "code", _code, "")
        unit = self._take(row, "unit", lambda cell: text_of(cell, 8), "")
        lot = self._take(row, "lot", lambda cell: text_of(cell, 60), "")
        expires_on = self._take(row, "expires_on", _day, None)
        quantity = self._take(row, "quantity", _quantity, 0)
        if len(self.faults) > before:
            return None
        warehouse_id = self.known.warehouses.get(warehouse)
        if warehouse_id is None:
            self._complain(
                row, "warehouse", f"您的辖区没有仓库“{warehouse}”", f"no warehouse {warehouse} in your scope"
            )
            return None
        item_id, code, unit = self._item(row, item, code, unit)
        self._same_day(row, item, lot, expires_on)
        self._once(row, warehouse_id, item, lot)
        if len(self.faults) > before:
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
            self._complain(row, "item", zh, f"no item {item}: a new one needs code and unit")
            return None, code, unit
        for key, told, real in (("code", code, known_code), ("unit", unit, known_unit)):
            if told and told != real:
                self._complain(row, key, f"“{item}”登记为 {real}", f"{item} is registered with {real}")
        return item_id, known_code, known_unit

    def _same_day(self, row: SheetRow, item: str, lot: str, expires_on: date | None) -> None:
        key = (item, lot)
        held = self.known.expiry.get(key, self.expiry.get(key, expires_on))
        self.expiry.setdefault(key, expires_on)
        if held != expires_on:
            zh = f"批号“{lot}”的有效期为 {held or '无'},同一批次只有一个有效期"
            self._complain(
                row, "expires_on", zh, f"lot {lot} expires on {held or 'no day'}: a lot has one date"
            )

    def _once(self, row: SheetRow, warehouse_id: int, item: str, lot: str) -> None:
        first = self.seen.setdefault((warehouse_id, item, lot), row.row)
        if first != row.row:
            self._complain(row, "item", f"与第 {first} 行重复", f"the same as row {first}")

    def _take(self, row: SheetRow, key: str, read: Callable[[Cell], T], otherwise: T) -> T:
        try:
            return read(row.cells.get(key))
        except Unfit as unfit:
            self._complain(row, key, unfit.zh, unfit.en)
            return otherwise

    def _complain(self, row: SheetRow, key: str, zh: str, en: str) -> None:
        column = self.letters.get(key) or self.letters["item"]
        self.faults.append(CellFault(cell=f"{column}{row.row}", zh=zh, en=en))


def _code(cell: Cell) -> str:
    code = text_of(cell, 20)
    if code and not is_code(code):
        raise Unfit(*CODE_FORM)
    return code


def _quantity(cell: Cell) -> int:
    text = text_of(cell, 20, required=True).replace(",", "")
    if not re.fullmatch(r"\d{1,9}", text) or int(text) > MOST:
        raise Unfit(f"应为0到{MOST}的整数", f"must be a whole number from 0 to {MOST}")
    return int(text)


def _day(cell: Cell) -> date | None:
    text = text_of(cell, 20)
    if not text:
        return None
    match = _DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        found = datetime(*(int(part) for part in match.groups())).date()  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        raise Unfit("日期应写作 2027-06-30", "write a date as 2027-06-30") from None
    if not 2000 < found.year < 2100:
        raise Unfit("日期应在2001至2099年", "a date lies in 2001 to 2099")
    return found


def differing(row: StockRow, booked: int, *, fresh_item: bool) -> Sequence[str]:
    """Return what a row changes."""
    return [*(["item"] if fresh_item else []), *(["quantity"] if booked != row.quantity else [])]
