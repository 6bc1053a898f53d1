"""What the cells of a sheet mean: each is read, or told by its address why it cannot be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.devices.ledger.rules import FAMILIES, KINDS, number_fault
from app.devices.register import families_of
from app.sheets import Cell, CellFault, Sheet, SheetRow, Unfit, text_of, words_of, yes_or_no


@dataclass(frozen=True, slots=True)
class Member:
    """A person or team a device can be given to."""

    id: int
    region_code: str
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Directory:
    """The names a sheet may use: places by code and by full name, people and teams by name."""

    region_codes: Mapping[str, str]
    people: Mapping[str, Sequence[Member]]
    teams: Mapping[str, Sequence[Member]]
    scope: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that can be taken: the fields its columns name, as the register keeps them."""

    row: int
    family: str
    number: str
    values: Mapping[str, object]


def read_rows(sheet: Sheet, book: Directory) -> tuple[list[Entry], list[CellFault]]:
    """Return the rows that can be taken and what is wrong with the others, cell by cell."""
    entries: list[Entry] = []
    faults: list[CellFault] = []
    seen: dict[tuple[tuple[str, ...], str], int] = {}
    for row in sheet.rows:
        reader = _Reader(sheet.letters, row, book)
        entry = reader.entry()
        if entry is not None:
            key = (families_of(entry.family), entry.number)  # a card is a card, whatever it speaks
            if (first := seen.setdefault(key, row.row)) != row.row:
                reader.complain("number", f"与第 {first} 行重复", f"is in row {first} already")
        if reader.faults:
            faults.extend(reader.faults)
        elif entry is not None:
            entries.append(entry)
    return entries, faults


class _Reader:
    def __init__(self, letters: Mapping[str, str], row: SheetRow, book: Directory) -> None:
        self._letters, self._row, self._book = letters, row, book
        self.faults: list[CellFault] = []

    def complain(self, key: str, zh: str, en: str) -> None:
        column = self._letters.get(key) or self._letters["number"]
        self.faults.append(CellFault(cell=f"{column}{self._row.row}", zh=zh, en=en))

    def entry(self) -> Entry | None:
        cells = self._row.cells
        family = self._take("family", _family)
        number = self._take("number", lambda cell: text_of(cell, 64, required=True))
        if isinstance(family, str) and isinstance(number, str) and (fault := number_fault(family, number)):
            self.complain("number", *fault)
        values = {field: self._take(key, read) for key, (field, read) in _COLUMNS.items() if key in cells}
        if values.get("kind", "") is None:
            values.pop("kind")
        if "region" in cells:
            values["region_code"] = self._take("region", self._region)
        if "holder" in cells:
            values["holder_id"] = self._take("holder", self._holder)
        if "team" in cells:
            values["team_id"] = self._take("team", self._team)
        if (values.get("lon") is None) != (values.get("lat") is None):
            self.complain("lon", "经度和纬度须同时填写", "lon and lat belong together")
        if self.faults:
            return None
        return Entry(self._row.row, str(family), str(number), values)

    def _take(self, key: str, read: Callable[[Cell], object]) -> object:
        try:
            return read(self._row.cells.get(key))
        except Unfit as unfit:
            self.complain(key, unfit.zh, unfit.en)
            return None

    def _region(self, cell: Cell) -> str:
        name = text_of(cell, 80, required=True)
        code = self._book.region_codes.get(name)
        if code is None:
            raise Unfit(f"没有地区“{name}”", f"no place {name!r}")
        if not code.startswith(self._book.scope):
            raise Unfit("不在您的管辖范围", "is outside your scope")
        return code

    def _holder(self, cell: Cell) -> int | None:
        name = text_of(cell, 40)
        if not name:
            return None
        phone = text_of(self._row.cells.get("phone"), 40)
        return self._one(self._book.people.get(name, ()), name, "人员", "person", phone)

    def _team(self, cell: Cell) -> int | None:
        name = text_of(cell, 80)
        return self._one(self._book.teams.get(name, ()), name, "队伍", "team") if name else None

    def _one(self, found: Sequence[Member], name: str, zh: str, en: str, phone: str = "") -> int:
        """Return the one who is meant. Two of one name are told apart by the telephone number."""
        near = [one for one in found if one.region_code.startswith(self._book.scope)]
        if phone:
            near = [one for one in near if phone in one.phones]
        if not near:
            raise Unfit(f"没有{zh}“{name}”", f"no {en} {name!r}")
        if len(near) > 1:
            raise Unfit(f"有 {len(near)} 个{zh}叫“{name}”", f"{len(near)} of the name {name!r}")
        return near[0].id


def _family(cell: Cell) -> str:
    word = text_of(cell, 40, required=True)
    if word not in FAMILIES:
        known = "、".join(FAMILIES)
        raise Unfit(f"通信方式应为 {known} 之一", f"must be one of {known}")
    return word


def _kind(cell: Cell) -> str | None:
    word = text_of(cell, 40)
    if not word:
        return None
    for code, kind in KINDS.items():
        if word in (code, kind.zh):
            return code
    known = "、".join(kind.zh for kind in KINDS.values())
    raise Unfit(f"设备类型应为 {known} 之一", f"must be one of {', '.join(KINDS)}")


def _number(low: float, high: float) -> Callable[[Cell], float | None]:
    def read(cell: Cell) -> float | None:
        if cell is None:
            return None
        try:
            value = float(cell)
        except (ValueError, OverflowError):
            raise Unfit("应为数字", "must be a number") from None
        if not low <= value <= high:
            raise Unfit(f"应在 {low:g} 到 {high:g} 之间", f"must be from {low:g} to {high:g}")
        return value

    return read


def _groups(cell: Cell) -> list[str]:
    return list(words_of(cell, 64, 20))


def _active(cell: Cell) -> bool:
    return yes_or_no(cell, ("启用",), ("停用",), empty=True)


_COLUMNS: Mapping[str, tuple[str, Callable[[Cell], object]]] = {
    "kind": ("kind", _kind),
    "printed_number": ("printed_number", lambda cell: text_of(cell, 200)),
    "label": ("label", lambda cell: text_of(cell, 80, required=True)),
    "lon": ("lon", _number(-180, 180)),
    "lat": ("lat", _number(-90, 90)),
    "coverage_km": ("coverage_km", _number(0.001, 200)),
    "talk_groups": ("talk_groups", _groups),
    "note": ("note", lambda cell: text_of(cell, 500)),
    "active": ("active", _active),
}
