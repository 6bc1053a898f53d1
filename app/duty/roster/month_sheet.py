"""A month's roster as an Excel sheet (值班表): a line a shift, a column a seat; read back with distrust."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.duty.roster.facts import CellFact, PersonAtPost, SeatFact
from app.duty.roster.rules.examine import ROLES
from app.sheets import Cell, Sheet, read_book, write_book

# Names under which offices write the same column; each key is told apart by its number.
_NAMES: Mapping[str, Sequence[str]] = {
    "date": ("日期", "值班日期", "时间日期"),
    "shift": ("班次", "时段", "时间", "值班时间"),
    "seat": ("席位", "岗位", "值班岗位"),
    "name": ("姓名", "值班人员", "人员"),
}
_OTHER_ROLES: Mapping[str, Sequence[str]] = {
    "duty_officer": ("值班人员", "值班员"),
    "leader_in_charge": ("带班领导", "带班", "值班领导"),
    "intake": ("接报",),
    "dispatch_comms": ("调度通信",),
    "clerk": ("文电",),
}


def seat_names(seats: Sequence[SeatFact]) -> dict[str, int]:
    """Return every name of the seats of a post: 接报席, 接报 …"""
    return {
        name: seat.id
        for seat in seats
        for name in (ROLES.get(seat.role, (seat.role,))[0], *_OTHER_ROLES.get(seat.role, ()))
    }


def headers_of(seats: Sequence[SeatFact]) -> dict[str, str]:
    """Return what may head a column, by key: `date.0`, `seat:7.1` …"""
    found: dict[str, str] = {}
    for name, seat_id in seat_names(seats).items():
        found[f"seat:{seat_id}.{name}"] = name
    taken = set(found.values())
    for key, names in _NAMES.items():
        found |= {f"{key}.{name}": name for name in names if name not in taken}
    return found


def read_month(data: bytes, seats: Sequence[SeatFact]) -> Sheet:
    """Return the rows of the first worksheet. Raises InvalidInput for what is no such sheet."""
    return read_book(data, headers_of(seats), ())


def write_month(
    seats: Sequence[SeatFact], people: Sequence[PersonAtPost], cells: Sequence[CellFact], zone: ZoneInfo
) -> bytes:
    """Return a month as xlsx; what is written can be read back."""
    names = {person.id: person.name for person in people}
    lines: dict[tuple[datetime, datetime], dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        who = names.get(cell.person_id, f"#{cell.person_id}")
        lines[cell.starts_at, cell.ends_at][cell.seat_id].append(who)
    heads = ["日期", "班次", *(ROLES.get(seat.role, (seat.role,))[0] for seat in seats)]
    rows = (
        _line(start.astimezone(zone), end.astimezone(zone), [held.get(seat.id, []) for seat in seats])
        for (start, end), held in sorted(lines.items())
    )
    return write_book("值班表", heads, (14, 20, *(18 for _ in seats)), rows)


def _line(start: datetime, end: datetime, held: Sequence[Sequence[str]]) -> list[Cell]:
    days = (end.date() - start.date()).days
    far = "" if days == 0 else "次日" if days == 1 else f"+{days}日"
    shift = f"{start:%H:%M}-{far}{end:%H:%M}"
    return [f"{start:%Y-%m-%d}", shift, *("、".join(names) for names in held)]
