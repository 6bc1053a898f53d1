"""The register of experts as an Excel sheet: an expert a row, known again by name and telephone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.cells import CellReader, one_of, phone, word
from app.dispatch.forces.facts import ExpertFact
from app.dispatch.forces.rules.kinds import SECTOR_ZH
from app.org.rules.places import spoken
from app.sheets import Cell, CellFault, Sheet, SheetRow, Unfit, read_book, text_of, write_book

HEADERS: Mapping[str, str] = {
    "name_zh": "姓名",
    "sector": "领域",
    "speciality": "专长",
    "title": "职称",
    "workplace": "工作单位",
    "phone": "电话",
    "region": "地区",
    "note": "备注",
}
_WIDTHS = (12, 14, 28, 16, 28, 18, 16, 24)
_REQUIRED = ("name_zh", "sector", "phone", "region")
_READERS: Mapping[str, Any] = {
    "name_zh": word(80, required=True),
    "sector": one_of(SECTOR_ZH),
    "speciality": word(200),
    "title": word(40),
    "workplace": word(200),
    "phone": phone,
    "note": word(200),
}


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """A row that can be taken: the columns it names."""

    row: int
    values: Mapping[str, Any]


def write_sheet(experts: Iterable[ExpertFact]) -> bytes:
    """Return experts as xlsx; it can be changed and taken in again."""
    return write_book("专家", tuple(HEADERS.values()), _WIDTHS, map(_cells, experts))


def _cells(one: ExpertFact) -> list[Cell]:
    return [
        one.name_zh,
        SECTOR_ZH[one.sector],
        one.speciality,
        one.title,
        one.workplace,
        one.phone,
        one.region_path,
        one.note,
    ]


def read_sheet(data: bytes) -> Sheet:
    """Return the rows of the first worksheet. Raises InvalidInput for what is no such sheet."""
    return read_book(data, HEADERS, _REQUIRED)


def read_rows(sheet: Sheet, places: Mapping[str, str], scope: str) -> tuple[list[ExpertRow], list[CellFault]]:
    """Return the rows that can be taken and what is wrong with the others, cell by cell."""
    cells = CellReader(sheet.letters, "name_zh")
    rows = [row for one in sheet.rows if (row := _read(cells, one, places, scope)) is not None]
    return rows, cells.faults


def _read(cells: CellReader, row: SheetRow, places: Mapping[str, str], scope: str) -> ExpertRow | None:
    def region(cell: Cell) -> str:
        name = spoken(text_of(cell, 80, required=True))
        code = places.get(name)
        if code is None:
            raise Unfit(f"没有地区“{name}”", f"no such place: {name}")
        if not code.startswith(scope):
            raise Unfit(f"“{name}”不在您的管辖范围", f"{name} is outside your scope")
        return code

    before = len(cells.faults)
    values = {key: cells.take(row, key, read, None) for key, read in _READERS.items() if key in row.cells}
    values["region_code"] = cells.take(row, "region", region, None)
    cells.once(row, "name_zh", (values.get("name_zh"), values.get("phone")))
    return ExpertRow(row.row, values) if len(cells.faults) == before else None
