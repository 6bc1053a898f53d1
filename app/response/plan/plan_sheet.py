"""The register of plans as an Excel sheet: its columns, and what its cells mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from app.cells import CellReader, day, one_of, word
from app.response.plan.commands import Tier
from app.response.plan.rules.fit import KINDS, PlanKind
from app.sheets import Cell, CellFault, Sheet, SheetRow, Unfit, read_book, text_of, write_book

HEADERS: Mapping[str, str] = {
    "kind": "类别",
    "tier": "层级",
    "name": "预案名称",
    "hazards": "事件代码",
    "owner": "编制单位",
    "region": "地区编码",
    "number": "文号",
    "issued_on": "印发日期",
    "valid_to": "有效期至",
}
TIERS: Mapping[Tier, str] = {
    "county": "县级",
    "township": "乡镇级",
    "village": "村(社区)级",
    "enterprise": "企业",
}
_KIND_WORDS = {kind: zh for kind, (zh, _) in KINDS.items()}
_WIDTHS = (12, 12, 44, 18, 26, 16, 24, 14, 14)
_REQUIRED = ("kind", "name", "owner")
_HAZARD = re.compile(r"1[1-4]([A-Z](\d\d)?)?")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row that can be taken. `issued_on` None: nothing is said of a version."""

    row: int
    kind: PlanKind
    tier: Tier
    name: str
    hazards: tuple[str, ...]
    owner: str
    region_code: str
    number: str
    issued_on: date | None
    valid_to: date | None


def write_sheet(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the register as xlsx, a plan a row, in the order of HEADERS."""
    return write_book("预案登记", tuple(HEADERS.values()), _WIDTHS, rows)


def cells_of(row: PlanRow) -> list[Cell]:
    """Return the cells of a plan."""
    return [
        _KIND_WORDS[row.kind],
        TIERS[row.tier],
        row.name,
        "、".join(row.hazards),
        row.owner,
        row.region_code,
        row.number,
        row.issued_on.isoformat() if row.issued_on else "",
        row.valid_to.isoformat() if row.valid_to else "",
    ]


def read_sheet(data: bytes) -> Sheet:
    """Return the rows of the first worksheet. Raises InvalidInput for what is no such sheet."""
    return read_book(data, HEADERS, _REQUIRED)


def read_rows(sheet: Sheet, places: Mapping[str, str], home: str) -> tuple[list[PlanRow], list[CellFault]]:
    """Return the rows that can be taken and what is wrong with the others, cell by cell.

    `places` are those of the scope, code to name; `home` is meant where a row names none.
    """
    reader = _Reader(CellReader(sheet.letters, "name"), places, home)
    rows = [row for one in sheet.rows if (row := reader.read(one)) is not None]
    return rows, reader.cells.faults


@dataclass
class _Reader:
    cells: CellReader
    places: Mapping[str, str]
    home: str

    def read(self, row: SheetRow) -> PlanRow | None:
        before, take = len(self.cells.faults), self.cells.take
        kind = take(row, "kind", one_of(_KIND_WORDS), "special")
        tier = take(row, "tier", _tier(kind), "county")
        found = PlanRow(
            row=row.row,
            kind=cast("PlanKind", kind),
            tier=cast("Tier", tier),
            name=take(row, "name", word(120, required=True), ""),
            hazards=take(row, "hazards", _hazards, ()),
            owner=take(row, "owner", word(200, required=True), ""),
            region_code=take(row, "region", word(12), "") or self.home,
            number=take(row, "number", word(200), ""),
            issued_on=take(row, "issued_on", day, None),
            valid_to=take(row, "valid_to", day, None),
        )
        self._together(row, found)
        return found if len(self.cells.faults) == before else None

    def _together(self, row: SheetRow, found: PlanRow) -> None:
        if found.region_code not in self.places:
            self.cells.complain(
                row,
                "region",
                f"您的辖区没有编码 {found.region_code}",
                f"no place {found.region_code} in your scope",
            )
        if found.issued_on is None and (found.valid_to or found.number):
            self.cells.complain(row, "issued_on", "请填写印发日期", "say when it was issued")
        if found.issued_on and found.valid_to and found.valid_to < found.issued_on:
            self.cells.complain(row, "valid_to", "有效期早于印发日期", "it ends before it was issued")
        self.cells.once(row, "name", (found.region_code, found.name))


def _tier(kind: str) -> Callable[[Cell], str]:
    usual = {"township": "township", "grassroots": "village"}.get(kind, "county")
    known = one_of(TIERS)
    return lambda cell: known(cell) if text_of(cell, 40) else usual


def _hazards(cell: Cell) -> tuple[str, ...]:
    told = [one for one in re.split(r"[、,,;;\s]+", text_of(cell, 300)) if one]
    for one in told:
        if not _HAZARD.fullmatch(one):
            raise Unfit(f"“{one}”不是事件代码的开头,如 12D", f"{one} is no beginning of an event code")
    return tuple(dict.fromkeys(told))
