"""What the cells of a sheet of people mean: each is read, or told by its address why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.cells import CellReader
from app.org.rules.numbers import (
    BEIDOU,
    BEIDOU_FORM,
    MOST_PHONES,
    PHONE_FORM,
    SATELLITE,
    SATELLITE_FORM,
    labelled,
)
from app.org.rules.places import nearest, spoken
from app.sheets import Cell, CellFault, Sheet, SheetRow, Unfit, text_of, words_of, yes_or_no

SUGGESTED = 50  # wrong names for which the nearest right one is looked up: that takes its time


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody in service who is in the register already."""

    id: int
    region_code: str
    unit_id: int | None
    phones: frozenset[str]


@dataclass(frozen=True, slots=True)
class Directory:
    """The names a sheet may use: places, units (name → number and place), people by name."""

    places: Mapping[str, str]
    units: Mapping[str, Sequence[tuple[int, str]]]
    people: Mapping[str, Sequence[Known]]
    scope: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that can be taken: whom it means (None: somebody new) and the columns it names."""

    row: int
    person_id: int | None
    values: Mapping[str, Any]


def read_rows(sheet: Sheet, book: Directory) -> tuple[list[Entry], list[CellFault]]:
    """Return the rows that can be taken and what is wrong with the others, cell by cell."""
    reader = _Reader(CellReader(sheet.letters, "name"), book)
    entries = [entry for row in sheet.rows if (entry := reader.entry(row)) is not None]
    return entries, reader.cells.faults


@dataclass
class _Reader:
    cells: CellReader
    book: Directory
    suggested: dict[str, str | None] = field(default_factory=dict)

    def entry(self, row: SheetRow) -> Entry | None:
        before = len(self.cells.faults)
        values: dict[str, Any] = {}
        for key, (column, read) in _COLUMNS.items():
            if key in row.cells:
                values[column] = self.cells.take(row, key, read, None)
        if "region" in row.cells and (row.cells["region"] is not None or "id" not in row.cells):
            values["region_code"] = self.cells.take(row, "region", self._region, None)
        if "unit" in row.cells:
            values["unit_id"] = self.cells.take(row, "unit", self._unit, None)
        if isinstance(phones := values.pop("phones", None), list):
            values["phone_labels"] = [label for label, _ in phones]
            values["phones"] = [number for _, number in phones]
        person_id = self.cells.take(row, "id", _number, None) if "id" in row.cells else None
        if len(self.cells.faults) > before:
            return None
        if not isinstance(person_id, int):
            person_id = self._meant(row, values)
        self._require_once(row, person_id, values)
        return Entry(row.row, person_id, values) if len(self.cells.faults) == before else None

    def _region(self, cell: Cell) -> str:
        name = spoken(text_of(cell, 80, required=True))
        code = self.book.places.get(name)
        if code is None:
            raise Unfit(*self._no_such("地区", "place", name, self.book.places))
        if not code.startswith(self.book.scope):
            raise Unfit(f"“{name}”不在您的管辖范围", f"{name} is outside your scope")
        return code

    def _unit(self, cell: Cell) -> int | None:
        name = text_of(cell, 80)
        if not name:
            return None
        near = [one for one, place in self.book.units.get(name, ()) if place.startswith(self.book.scope)]
        if not near:
            raise Unfit(*self._no_such("单位", "unit", name, self.book.units))
        if len(near) > 1:
            raise Unfit(f"有 {len(near)} 个单位叫“{name}”", f"{len(near)} units are called {name}")
        return near[0]

    def _no_such(self, zh: str, en: str, name: str, names: Mapping[str, object]) -> tuple[str, str]:
        """Say that nothing is called so, and what was probably meant."""
        key = f"{zh} {name}"
        if key not in self.suggested and len(self.suggested) < SUGGESTED:
            self.suggested[key] = nearest(names, name)
        if meant := self.suggested.get(key):
            return f"没有{zh}“{name}”,是否为“{meant}”?", f"no {en} {name}: is {meant} meant?"
        return f"没有{zh}“{name}”", f"no {en} {name}"

    def _meant(self, row: SheetRow, values: Mapping[str, Any]) -> int | None:
        """Return whom a row without a number means: one of this name with one of these telephones."""
        numbers = frozenset(values.get("phones", ()))
        namesakes = self.book.people.get(values["name_zh"], ())
        same = [one for one in namesakes if one.phones & numbers]
        if len(same) == 1:
            return same[0].id
        home = (values.get("unit_id"), values.get("region_code"))
        near = same or [one for one in namesakes if _at_home(one, *home)]
        if near:
            ids = "、".join(str(one.id) for one in near[:3])
            self.cells.complain(
                row,
                "name",
                f"已有同名人员(编号 {ids}):同一人请填编号,不同的人请在人员页登记",
                f"somebody of this name is registered (number {ids}): fill in the number if it is he, "
                "or register the other on the page",
            )
        elif values.get("region_code") is None:
            self.cells.complain(row, "region", "新人员须填地区", "a new person needs a place")
        return None

    def _require_once(self, row: SheetRow, person_id: int | None, values: Mapping[str, Any]) -> None:
        """Complain of a person who stands in the sheet already."""
        if person_id is not None:
            keys: list[tuple[object, ...]] = [("id", person_id)]
        else:
            keys = [("phone", values["name_zh"], number) for number in values.get("phones", ())]
            keys = keys or [("home", values["name_zh"], values.get("unit_id"), values.get("region_code"))]
        for key in keys:
            if (first := self.cells.seen.setdefault(key, row.row)) != row.row:
                self.cells.complain(row, "name", f"与第 {first} 行重复", f"is in row {first} already")
                return


def _at_home(one: Known, unit_id: object, region_code: object) -> bool:
    return one.unit_id == unit_id if unit_id is not None else one.region_code == region_code


def _number(cell: Cell) -> int | None:
    text = text_of(cell, 20)
    if not text:
        return None
    if re.fullmatch(r"[1-9]\d{0,17}", text) is None:
        raise Unfit("编号应为正整数,新人员请留空", "must be a whole number; leave it empty for somebody new")
    return int(text)


def plain_name(text: str) -> str:
    """Return a name without the blanks that make two characters as wide as three: 王 伟."""
    return re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", text.strip())


def _name(cell: Cell) -> str:
    name = plain_name(text_of(cell, 40, required=True))
    if re.search(r"\d", name):
        raise Unfit("姓名不能含数字", "a name holds no digits")
    return name


def _phones(cell: Cell) -> list[tuple[str, str]]:
    words = [
        word for word in re.split(r"[、,,;;/\n]+", str(cell if cell is not None else "")) if word.strip()
    ]
    if len(words) > MOST_PHONES:
        raise Unfit(f"最多 {MOST_PHONES} 个电话", f"at most {MOST_PHONES} telephones")
    found = []
    for word in words:
        told = labelled(text_of(word, 40))
        if told is None:
            raise Unfit(f"“{word.strip()}”:{PHONE_FORM[0]}", f"{word.strip()}: {PHONE_FORM[1]}")
        found.append(told)
    if len({number for _, number in found}) < len(found):
        raise Unfit("同一号码写了两次", "the same number twice")
    return [(str(label), number) for label, number in found]


def _formed(pattern: re.Pattern[str], form: tuple[str, str]) -> Callable[[Cell], str]:
    def read(cell: Cell) -> str:
        text = re.sub(r"\s+", "", text_of(cell, 40))
        if text and pattern.fullmatch(text) is None:
            raise Unfit(*form)
        return text

    return read


_COLUMNS: Mapping[str, tuple[str, Callable[[Cell], object]]] = {
    "name": ("name_zh", _name),
    "title": ("post", lambda cell: text_of(cell, 200)),
    "phones": ("phones", _phones),
    "call_sign": ("call_sign", lambda cell: text_of(cell, 40)),
    "satellite_number": ("satellite_number", _formed(SATELLITE, SATELLITE_FORM)),
    "beidou_number": ("beidou_number", _formed(BEIDOU, BEIDOU_FORM)),
    "qualifications": ("qualifications", lambda cell: list(words_of(cell, 20, 40))),
    "full_time": ("full_time", lambda cell: yes_or_no(cell, ("专职",), ("兼职",), empty=False)),
}
