"""The roster of a month as a page to print (值班表, domain/rules B8): A4 across, one line a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.api.house import By, InHouse, InTx
from app.api.pages import environment
from app.api.rosters import Month, post_of
from app.api.route import DeskRoute
from app.commands import RowId
from app.duty import store as duty
from app.duty.county_days import store as county_days
from app.duty.roster.actions.post import HANDOVER, month_of
from app.duty.roster.facts import PostFact, RosterFact, SeatFact, ShiftFact
from app.duty.roster.on_duty import Days
from app.duty.roster.rules.calendar import FIRST_YEAR, Day, ExtraDay, day
from app.duty.roster.rules.examine import ROLES
from app.duty.roster.store import plans, shifts

router = APIRouter(tags=["duty"], route_class=DeskRoute)
WEEKDAYS = "一二三四五六日"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A day of duty: who holds each seat, in the order of the seats."""

    on: date
    weekday: str
    note: str
    off: bool
    cells: list[list[str]]


@router.get("/duty/roster/{post_id}/{month}/print", response_class=HTMLResponse, include_in_schema=False)
async def print_roster(post_id: RowId, month: Month, by: By, tx: InTx, house: InHouse) -> HTMLResponse:
    """Return the month of a post as a page to print: what holds, changes included."""
    post, zone = await post_of(tx, by, post_id), house.settings.zone
    span = month_of(month, zone)
    seats = (await duty.seats(tx, [post_id]))[post_id]
    held = [s for s in await shifts.between(tx, post_id, span.start, span.end) if s.starts_at >= span.start]
    stored = await plans.month(tx, post_id, month)
    roster = RosterFact(**stored.model_dump(exclude={"draft", "published"}), draft=None, published=None)
    now = house.clock.now().astimezone(zone)
    own = await county_days.extra_days(tx, by.stream)
    return HTMLResponse(roster_page(post, seats, held, roster, (zone, own), now))


def roster_page(
    post: PostFact,
    seats: Sequence[SeatFact],
    held: Sequence[ShiftFact],
    roster: RosterFact,
    days: Days,
    now: datetime,
) -> str:
    """Return the page of these shifts, times in the county's zone, days as the county has them."""
    zone = days[0]
    manned = [seat for seat in seats if seat.needed > 0 or any(s.seat_id == seat.id for s in held)]
    return environment.get_template("roster.html").render(
        post=post,
        month=roster.month,
        roster=roster,
        heads=[_head(seat) for seat in manned],
        lines=_lines(roster.month, manned, held, days),
        phones=sorted({(s.person_name, s.phone) for s in held}),
        published_at=roster.published_at.astimezone(zone) if roster.published_at else None,
        now=now,
    )


def _head(seat: SeatFact) -> str:
    role = ROLES.get(seat.role, (seat.role, seat.role))[0]
    return f"{role}(电话备勤)" if seat.mode == "on_call" and seat.role != "reserve_duty" else role


def _lines(month: date, seats: Sequence[SeatFact], held: Sequence[ShiftFact], days: Days) -> list[Line]:
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
