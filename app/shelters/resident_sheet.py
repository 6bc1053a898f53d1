"""The register of households as an Excel sheet: its columns, and what its cells mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.cells import CellReader, word
from app.sheets import Cell, CellFault, Sheet, SheetRow, Unfit, read_book, text_of, write_book

HEADERS: Mapping[str, str] = {
    "village": "村",
    "code": "村编码",
    "household": "户主",
    "name": "姓名",
    "phone": "电话",
    "needs": "需要协助",
}
_WIDTHS = (24, 16, 12, 12, 16, 24)
_REQUIRED = ("household", "name")
_PHONE = re.compile(r"\+?\d[\d-]{4,19}")


@dataclass(frozen=True, slots=True)
class ResidentRow:
    """A row that can be taken; the village by its code."""

    row: int
    village_code: str
    village: str
    household: str
    name: str
    phone: str
    needs: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What a person is known by."""
        return (self.village_code, self.household, self.name)


def write_sheet(rows: Iterable[tuple[str, str, str, str, str, str]]) -> bytes:
    """Return the register as xlsx, a person a row: village, code, household, name, telephone, needs."""
    return write_book("转移户名册", tuple(HEADERS.values()), _WIDTHS, (list(row) for row in rows))


def read_sheet(data: bytes) -> Sheet:
    """Return the rows of the first worksheet. Raises InvalidInput for what is no such sheet."""
    return read_book(data, HEADERS, _REQUIRED)


def read_rows(sheet: Sheet, villages: Mapping[str, str]) -> tuple[list[ResidentRow], list[CellFault]]:
    """Return the rows that can be taken and what is wrong with the others, cell by cell.

    `villages` are those of the scope, code to name; a name that two of them have needs the code.
    """
    by_name: dict[str, list[str]] = {}
    for code, name in villages.items():
        by_name.setdefault(name, []).append(code)
    reader = _Reader(CellReader(sheet.letters, "name"), villages, by_name)
    rows = [row for one in sheet.rows if (row := reader.read(one)) is not None]
    return rows, reader.cells.faults


@dataclass
class _Reader:
    cells: CellReader
    villages: Mapping[str, str]
    by_name: Mapping[str, list[str]]

    def read(self, row: SheetRow) -> ResidentRow | None:
        before = len(self.cells.faults)
        code = self._village(row)
        household = self.cells.take(row, "household", word(60, required=True), "")
        name = self.cells.take(row, "name", word(60, required=True), "")
        phone = self.cells.take(row, "phone", _phone, "")
        needs = self.cells.take(row, "needs", word(200), "")
        if len(self.cells.faults) > before:
            return None
        found = ResidentRow(row.row, code, self.villages[code], household, name, phone, needs)
        self.cells.once(row, "name", found.key)
        return found if len(self.cells.faults) == before else None

    def _village(self, row: SheetRow) -> str:
        code = self.cells.take(row, "code", word(12), "")
        name = self.cells.take(row, "village", word(60), "")
        if code:
            if code not in self.villages:
                self.cells.complain(
                    row, "code", f"您的辖区没有编码 {code} 的村", f"no village {code} in your scope"
                )
            return code
        found = self.by_name.get(name, [])
        if len(found) == 1:
            return found[0]
        if found:
            self.cells.complain(
                row,
                "village",
                f"有 {len(found)} 个“{name}”,请填写村编码",
                f"several villages {name}: give the code",
            )
        else:
            self.cells.complain(row, "village", f"您的辖区没有“{name}”", f"no village {name} in your scope")
        return ""


def _phone(cell: Cell) -> str:
    text = text_of(cell, 20)
    if text and not _PHONE.fullmatch(text):
        raise Unfit("电话应为数字", "a telephone number is made of digits")
    return text
