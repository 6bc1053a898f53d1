"""The register of equipment as an Excel sheet: a piece a row, known again by its number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from app.cells import CellReader, day, one_of, whole_or_none, word
from app.dispatch.forces.commands import MOST_OPERATORS
from app.dispatch.forces.facts import EquipmentFact
from app.dispatch.forces.rules.kinds import EQUIPMENT_ZH, READINESS_ZH
from app.sheets import Cell, CellFault, Sheet, SheetRow, Unfit, read_book, text_of, words_of, write_book

HEADERS: Mapping[str, str] = {
    "number": "编号",
    "kind": "种类",
    "name": "名称",
    "keeper": "保管单位",
    "operators": "操作员",
    "plate": "号牌船号",
    "seats": "座位",
    "load_kg": "载重千克",
    "fuel": "燃料",
    "licence_due": "证照到期",
    "readiness": "状态",
    "reason": "原因",
    "inspection_due": "检验到期",
    "note": "备注",
}
_WIDTHS = (16, 14, 20, 32, 20, 14, 8, 10, 10, 12, 10, 24, 12, 24)
_REQUIRED = ("number", "kind", "name", "keeper")
COLUMNS = tuple(key for key in HEADERS if key not in {"keeper", "operators"})
"""Columns of the sheet that are columns of the register too."""


@dataclass(frozen=True, slots=True)
class EquipmentNames:
    """What a sheet may name: keepers of the scope and people in service, by name."""

    keepers: Mapping[str, Sequence[tuple[str, int]]]
    people: Mapping[str, Sequence[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class EquipmentRow:
    """A row that can be taken: the columns it names."""

    row: int
    number: str
    name: str
    values: Mapping[str, Any]


def write_sheet(pieces: Iterable[EquipmentFact]) -> bytes:
    """Return pieces of equipment as xlsx; it can be changed and taken in again."""
    return write_book("装备", tuple(HEADERS.values()), _WIDTHS, map(_cells, pieces))


def _cells(one: EquipmentFact) -> list[Cell]:
    return [
        one.number,
        EQUIPMENT_ZH[one.kind],
        one.name,
        one.keeper_name,
        "、".join(operator.name for operator in one.operators),
        one.plate,
        one.seats,
        one.load_kg,
        one.fuel,
        one.licence_due.isoformat() if one.licence_due else None,
        READINESS_ZH[one.readiness],
        one.reason,
        one.inspection_due.isoformat() if one.inspection_due else None,
        one.note,
    ]


def read_sheet(data: bytes) -> Sheet:
    """Return the rows of the first worksheet. Raises InvalidInput for what is no such sheet."""
    return read_book(data, HEADERS, _REQUIRED)


def named_people(sheet: Sheet) -> list[str]:
    """Return every name that stands among the operators."""
    found: set[str] = set()
    for row in sheet.rows:
        with suppress(Unfit):  # told when the row is read
            found.update(_names(row.cells.get("operators")))
    return sorted(found)


def read_rows(
    sheet: Sheet, names: EquipmentNames, held: Mapping[str, Sequence[int]]
) -> tuple[list[EquipmentRow], list[CellFault]]:
    """Return the rows that can be taken and what is wrong with the others, cell by cell.

    `held` are the operators of each known number: of two people of one name the one who is named already
    is meant.
    """
    reader = _Reader(CellReader(sheet.letters, "number"), names, held)
    rows = [row for one in sheet.rows if (row := reader.read(one)) is not None]
    return rows, reader.cells.faults


_READERS: Mapping[str, Any] = {
    "number": word(40, required=True),
    "kind": one_of(EQUIPMENT_ZH),
    "name": word(80, required=True),
    "plate": word(40),
    "seats": whole_or_none(200),
    "load_kg": whole_or_none(200_000),
    "fuel": word(40),
    "licence_due": day,
    "readiness": one_of(READINESS_ZH),
    "reason": word(200),
    "inspection_due": day,
    "note": word(200),
}


def _names(cell: Cell) -> list[str]:
    return list(words_of(cell, MOST_OPERATORS, 40))


@dataclass
class _Reader:
    cells: CellReader
    names: EquipmentNames
    held: Mapping[str, Sequence[int]]

    def read(self, row: SheetRow) -> EquipmentRow | None:
        before = len(self.cells.faults)
        values = {
            key: self.cells.take(row, key, read, None)
            for key, read in _READERS.items()
            if key in row.cells and not (key == "readiness" and row.cells[key] is None)
        }
        keeper = self._keeper(row)
        number = str(values.get("number") or "")
        if "operators" in row.cells:
            values["operator_ids"] = self._operators(row, self.held.get(number, ()))
        if values.get("readiness", "ready") != "ready" and not values.get("reason"):
            self.cells.complain(row, "reason", "不是完好的须写明原因", "say why it is not ready")
        self.cells.once(row, "number", number)
        if len(self.cells.faults) > before or keeper is None:
            return None
        what, keeper_id = keeper
        values["team_id"] = keeper_id if what == "team" else None
        values["unit_id"] = keeper_id if what == "unit" else None
        return EquipmentRow(row.row, number, str(values["name"]), values)

    def _keeper(self, row: SheetRow) -> tuple[str, int] | None:
        name = self.cells.take(row, "keeper", lambda cell: text_of(cell, 80, required=True), "")
        found = self.names.keepers.get(name, ())
        if len(found) == 1:
            return found[0]
        if name and not found:
            zh, en = f"您的辖区没有队伍或单位“{name}”", f"no team or unit {name} in your scope"
            self.cells.complain(row, "keeper", zh, en)
        elif name:
            zh, en = f"有 {len(found)} 支队伍或单位叫“{name}”", f"{len(found)} are called {name}"
            self.cells.complain(row, "keeper", zh, en)
        return None

    def _operators(self, row: SheetRow, held: Sequence[int]) -> list[int]:
        nobody: list[str] = []
        told = self.cells.take(row, "operators", _names, nobody)
        found: list[int] = []
        for name in told:
            known = [person for person, _ in self.names.people.get(name, ())]
            meant = [person for person in known if person in held] or known
            if len(meant) == 1:
                found.append(meant[0])
            elif not meant:
                self.cells.complain(row, "operators", f"名册中没有“{name}”", f"{name} is not in the register")
            else:
                zh = f"有 {len(meant)} 人叫“{name}”,请在装备页面选择"
                self.cells.complain(
                    row, "operators", zh, f"{len(meant)} people are called {name}: choose one on the page"
                )
        return list(dict.fromkeys(found))
