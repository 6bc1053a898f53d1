"""What the cells of a roster sheet mean: each is read, or told by its address why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.wall_clock import at
from app.org.rules.places import nearest
from app.sheets import Cell, CellFault, Sheet, SheetRow, Unfit, text_of

_DATE = re.compile(
    r"^(?:(\d{4})\s*+[-/.年]\s*+)?(?:(\d{1,2})\s*+[-/.月]\s*+)?(\d{1,2})(?:\s*+[日号])?(?:$|[\s(\uff08星周T].*)"
)
_SPAN = re.compile(
    r"^(\d{1,2})[:\uff1a](\d{2})(?::\d{2})?"
    r"(?:\s*+[-–—~\uff5e至到]++\s*+(次日|翌日|\+(\d{1,2})日)?\s*+(\d{1,2})[:\uff1a](\d{2}))?"
)
_NAMED = {"白班": (8, 20, 0), "夜班": (20, 8, 1), "全天": (8, 8, 1), "24小时": (8, 8, 1), "": (8, 8, 1)}
_BETWEEN = re.compile(r"[、,\uff0c;\uff1b/\n]+|\s{2,}")
_ASIDE = re.compile(r"[(\uff08].*?[)\uff09]|\d[\d-]{6,}")
SUGGESTED = 50


@dataclass(frozen=True, slots=True)
class Book:
    """What a sheet may name: the month, seats by name, people of the post by name."""

    month: date
    seats: Mapping[str, int]
    people: Mapping[str, Sequence[int]]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Planned:
    """One person on one seat for one span, and the row that says so."""

    row: int
    seat_id: int
    person_id: int
    name: str
    span: Interval


def read_rows(sheet: Sheet, book: Book) -> tuple[list[Planned], list[CellFault]]:
    """Return what is planned and every cell that cannot be taken. Both forms of a sheet are read.

    A column a seat, or a line a person with columns for seat and name.
    """
    reader = _Reader(sheet.letters, book)
    for row in sheet.rows:
        reader.take(row)
    return reader.planned, reader.faults


@dataclass
class _Reader:
    letters: Mapping[str, str]
    book: Book
    planned: list[Planned] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    seen: dict[tuple[int, int, datetime], int] = field(default_factory=dict)
    suggested: dict[str, str | None] = field(default_factory=dict)

    def take(self, row: SheetRow) -> None:
        try:
            key = self._key("date")
            day = _day(row.cells.get(key), self.book.month)
            key = self._key("shift")
            span = _span(row.cells.get(key), day, self.book.zone)
        except Unfit as unfit:
            self._complain(row, key, unfit)
            return
        for column in sorted(self.letters, key=lambda key: (len(self.letters[key]), self.letters[key])):
            if column.startswith("seat:"):
                self._people(row, column, int(column[5:].split(".")[0]), span)
        if name := self._key("name"):
            self._line(row, name, span)

    def _key(self, kind: str) -> str:
        """Return the column of a kind, under whatever name it stands; "" for none."""
        return next((key for key in self.letters if key.split(".")[0] == kind), "")

    def _line(self, row: SheetRow, name: str, span: Interval) -> None:
        column = self._key("seat")
        try:
            seat = text_of(row.cells.get(column), 40, required=True)
            if seat not in self.book.seats:
                raise Unfit(
                    f"该岗位没有席位“{seat}”,可写:{'、'.join(self.book.seats)}",
                    f"the post has no seat {seat}",
                )
        except Unfit as unfit:
            self._complain(row, column, unfit)
            return
        self._people(row, name, self.book.seats[seat], span)

    def _people(self, row: SheetRow, column: str, seat_id: int, span: Interval) -> None:
        try:
            words = text_of(str(row.cells.get(column) or "").replace("\n", "、"), 400)
            for name in (_name(word) for word in _BETWEEN.split(words)):
                if name:
                    self._plan(row, seat_id, self._person(name), name, span)
        except Unfit as unfit:
            self._complain(row, column, unfit)

    def _plan(self, row: SheetRow, seat_id: int, person: int, name: str, span: Interval) -> None:
        key = (seat_id, person, span.start)
        if (first := self.seen.setdefault(key, row.row)) != row.row:
            raise Unfit(f"{name}与第 {first} 行重复", f"{name} is in row {first} already")
        self.planned.append(Planned(row.row, seat_id, person, name, span))

    def _person(self, name: str) -> int:
        found = self.book.people.get(name, ())
        if len(found) == 1:
            return found[0]
        if found:
            raise Unfit(
                f"有 {len(found)} 个人叫“{name}”,请在排班板上选", f"{len(found)} people are called {name}"
            )
        if name not in self.suggested and len(self.suggested) < SUGGESTED:
            self.suggested[name] = nearest(self.book.people, name)
        if meant := self.suggested.get(name):
            raise Unfit(f"该岗位没有“{name}”,是否为“{meant}”?", f"nobody called {name}: is {meant} meant?")
        raise Unfit(f"该岗位没有“{name}”:先在人员页登记到该单位", f"nobody of this unit is called {name}")

    def _complain(self, row: SheetRow, key: str, unfit: Unfit) -> None:
        letter = self.letters.get(key) or next(iter(self.letters.values()), "A")
        self.faults.append(CellFault(cell=f"{letter}{row.row}", zh=unfit.zh, en=unfit.en))


def _name(word: str) -> str:
    """Return a name without telephone, remarks in brackets and the blanks that make it as wide as others."""
    return re.sub(r"\s+", "", _ASIDE.sub("", word))


def _day(cell: Cell, month: date) -> date:
    found = _DATE.match(text_of(cell, 40, required=True))
    if found is None:
        raise Unfit("日期应写作 2025-07-01 或 7月1日", "a date is written 2025-07-01 or 7月1日")
    try:
        told = date(int(found[1] or month.year), int(found[2] or month.month), int(found[3]))
    except ValueError:
        raise Unfit(f"没有这一天:{found[0]}", f"there is no such day: {found[0]}") from None
    if (told.year, told.month) != (month.year, month.month):
        raise Unfit(f"不是 {month:%Y-%m} 的日期", f"not a day of {month:%Y-%m}")
    return told


def _span(cell: Cell, day: date, zone: ZoneInfo) -> Interval:
    """Read 08:00-次日08:00, 白班, 夜班; nothing is a whole day of duty, from eight to eight (R7)."""
    text = text_of(cell, 40)
    if text in _NAMED:
        first, last, later = _NAMED[text]
        return Interval(at(zone, day, time(first)), at(zone, day + timedelta(days=later), time(last)))
    found = _SPAN.match(text)
    try:
        if found is None or found[5] is None:
            raise ValueError(text)
        start, end = time(int(found[1]), int(found[2])), time(int(found[5]) % 24, int(found[6]))
    except ValueError:
        raise Unfit(
            "班次应写作 08:00-次日08:00、白班、夜班或全天",
            "a shift is written 08:00-20:00, 白班, 夜班 or 全天",
        ) from None
    days = int(found[4]) if found[4] else int(bool(found[3]) or end <= start or int(found[5]) == 24)
    if days > 31:
        raise Unfit("班次过长", "the shift is too long")
    return Interval(at(zone, day, start), at(zone, day + timedelta(days=days), end))
