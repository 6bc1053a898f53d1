"""The roster of a month on paper (值班表, domain/rules B8): one line a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.desk.prints.page import Page, clean
from app.duty.roster.actions.post import HANDOVER
from app.duty.roster.facts import PostFact, SeatFact, ShiftFact
from app.duty.roster.on_duty import Days
from app.duty.roster.rules.calendar import FIRST_YEAR, Day, ExtraDay, day
from app.duty.roster.rules.examine import ROLES

WEEKDAYS = "一二三四五六日"
DAY = timedelta(days=1)
_FIXED = 12 + 12 + 20  # millimetres of date, weekday and remarks


@dataclass(frozen=True, slots=True)
class Line:
    """A day of duty: who holds each seat, in the order of the seats."""

    on: date
    weekday: str
    note: str
    off: bool
    cells: list[list[str]]


def head_of(seat: SeatFact) -> str:
    """Return the word above a seat's column."""
    role = ROLES.get(seat.role, (seat.role, seat.role))[0]
    return f"{role}(电话备勤)" if seat.mode == "on_call" and seat.role != "reserve_duty" else role


def lines_of(month: date, seats: Sequence[SeatFact], held: Sequence[ShiftFact], days: Days) -> list[Line]:
    """Return the days of a month with who holds each seat."""
    zone, own = days
    lines = []
    on = month
    while on.month == month.month:
        day_of = _day(on, own)
        mine = [s for s in held if _duty_day(s.starts_at, zone) == on]
        lines.append(
            Line(
                on,
                WEEKDAYS[on.weekday()],
                day_of.name_zh if day_of and day_of.kind not in ("workday", "weekend") else "",
                day_of is not None and day_of.kind in ("weekend", "statutory_holiday"),
                [[_name(s, zone) for s in mine if s.seat_id == seat.id] for seat in seats],
            )
        )
        on += DAY
    return lines


def _day(on: date, own: tuple[ExtraDay, ...]) -> Day | None:
    return day(on, own) if on.year > FIRST_YEAR else None


def _duty_day(at: datetime, zone: ZoneInfo) -> date:
    """Return the day of duty an instant belongs to: it begins at eight."""
    local = at.astimezone(zone)
    return local.date() if local.time() >= HANDOVER else local.date() - DAY


def _name(shift: ShiftFact, zone: ZoneInfo) -> str:
    """Return the name, with the times when they are not the whole day of duty."""
    start, end = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    if (start.time(), end.time(), end.date() - start.date()) == (HANDOVER, HANDOVER, DAY):
        return shift.person_name
    if end.date() - start.date() > DAY:
        return f"{shift.person_name}({start:%H:%M}至{end:%d}日{end:%H:%M})"
    return f"{shift.person_name}({_short(start.time())}–{_short(end.time())})"


def _short(at: time) -> str:
    return f"{at:%H:%M}" if at.minute else f"{at.hour}"


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Share the page out by the longest word of each column, of three to twelve characters."""
    longest = [min(12, max(3, len(head), *(len(row[n]) for row in rows))) for n, head in enumerate(heads)]
    room = 156 - _FIXED
    widths = [room * one // sum(longest) for one in longest]
    widths[-1] += room - sum(widths)
    return widths


def manned(seats: Sequence[SeatFact], held: Sequence[ShiftFact]) -> list[SeatFact]:
    """Return the seats that stand in the table: those to be manned and those that are."""
    return [seat for seat in seats if seat.needed > 0 or any(s.seat_id == seat.id for s in held)]


def page_of(
    post: PostFact,
    seats: Sequence[SeatFact],
    held: Sequence[ShiftFact],
    month: date,
    published: tuple[int, datetime] | None,
    days: Days,
) -> Page:
    """Put the roster of a month into words; with more than six seats the table holds them in one column."""
    shown = manned(seats, held)
    lines = lines_of(month, shown, held, days)
    heads = [head_of(seat) for seat in shown]
    if 0 < len(heads) <= 6:
        rows = [["、".join(names) for names in line.cells] for line in lines]
        widths = (12, 12, *_widths(heads, rows), 20)
    else:
        widths = (12, 12, 156 - _FIXED, 20)
        rows = [
            ["\n".join(f"{head}:{'、'.join(names)}" for head, names in zip(heads, line.cells, strict=True))]
            for line in lines
        ]
        heads = ["值班人员"]
    phones = sorted({(s.person_name, s.phone) for s in held})
    told = f"第{published[0]}版 {published[1].astimezone(days[0]):%Y-%m-%d}" if published else "尚未发布"
    return Page(
        title=clean(f"{post.name}{month.year}年{month.month}月值班表"),
        number=clean(f"值班电话:{post.phone}") if post.phone else "",
        facts=(
            ("月份", f"{month.year}年{month.month}月,每日8:00交接班,未注明时段者为当日8:00至次日8:00"),
            ("公布", told),
            ("电话", clean(";".join(f"{name} {phone or '—'}" for name, phone in phones))),
        ),
        heads=("日期", "星期", *map(clean, heads), "备注"),
        widths=widths,
        rows=tuple(
            (f"{line.on.day}日", line.weekday, *map(clean, row), clean(line.note))
            for line, row in zip(lines, rows, strict=True)
        ),
        signs=("编制:", "审核:", "签发(办公室):"),
        empty="本月无人值班",
        size=9,
    )
