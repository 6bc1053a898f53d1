"""What the cells of a sheet mean: each is read, or told by its address why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from app.sheets import Cell, CellFault, SheetRow, Unfit, text_of

T = TypeVar("T")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?")
_PHONE = re.compile(r"\+?\d[\d-]{2,19}")


@dataclass
class CellReader:
    """Takes the cells of one sheet and collects what is wrong; `otherwise` is the column of the whole row."""

    letters: Mapping[str, str]
    otherwise: str
    faults: list[CellFault] = field(default_factory=list)
    seen: dict[object, int] = field(default_factory=dict)

    def take(self, row: SheetRow, key: str, read: Callable[[Cell], T], instead: T) -> T:
        """Return what a cell means, or `instead` when it cannot be taken."""
        try:
            return read(row.cells.get(key))
        except Unfit as unfit:
            self.complain(row, key, unfit.zh, unfit.en)
            return instead

    def complain(self, row: SheetRow, key: str, zh: str, en: str) -> None:
        """Note that a cell cannot be taken."""
        column = self.letters.get(key) or self.letters[self.otherwise]
        self.faults.append(CellFault(cell=f"{column}{row.row}", zh=zh, en=en))

    def once(self, row: SheetRow, key: str, what: object) -> None:
        """Note a row that means the same as an earlier one."""
        first = self.seen.setdefault(what, row.row)
        if first != row.row:
            self.complain(row, key, f"与第 {first} 行重复", f"the same as row {first}")


def word(longest: int, *, required: bool = False) -> Callable[[Cell], str]:
    """Return the reader of a text."""
    return lambda cell: text_of(cell, longest, required=required)


def one_of(words: Mapping[Any, str]) -> Callable[[Cell], str]:
    """Return the reader of a code by its Chinese word, or the code itself."""
    codes: dict[str, str] = {zh: code for code, zh in words.items()} | {code: code for code in words}

    def read(cell: Cell) -> str:
        told = text_of(cell, 40, required=True)
        if (code := codes.get(told)) is None:
            listed = "、".join(words.values())
            raise Unfit(f"没有“{told}”,应为 {listed} 之一", f"{told} is none of {', '.join(words)}")
        return code

    return read


def phone(cell: Cell) -> str:
    """Return a telephone number."""
    told = text_of(cell, 21, required=True)
    if _PHONE.fullmatch(told) is None:
        raise Unfit("电话应为数字,可含 -,如 0799-5550119", "a telephone is digits, e.g. 0799-5550119")
    return told


def whole(most: int) -> Callable[[Cell], int]:
    """Return the reader of a whole number."""

    def read(cell: Cell) -> int:
        told = text_of(cell, 20, required=True).replace(",", "")
        if not re.fullmatch(r"\d{1,9}", told) or int(told) > most:
            raise Unfit(f"应为0到{most}的整数", f"must be a whole number from 0 to {most}")
        return int(told)

    return read


def whole_or_none(most: int) -> Callable[[Cell], int | None]:
    """Return the reader of a whole number that may be left out."""
    number = whole(most)
    return lambda cell: number(cell) if text_of(cell, 20).replace(",", "") else None


def day(cell: Cell) -> date | None:
    """Return a date that may be left out."""
    told = text_of(cell, 20)
    if not told:
        return None
    match = _DAY.fullmatch(told)
    try:
        if match is None:
            raise ValueError(told)
        found = datetime(*(int(part) for part in match.groups())).date()  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        raise Unfit("日期应写作 2027-06-30", "write a date as 2027-06-30") from None
    if not 2000 < found.year < 2100:
        raise Unfit("日期应在2001至2099年", "a date lies in 2001 to 2099")
    return found
