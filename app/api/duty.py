"""Who is on duty: now, at another instant, and my own shifts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import Moment, RowId
from app.db import Tx
from app.duty.county_days import store as county_days
from app.duty.roster import on_duty
from app.duty.roster.actions.post import parse_month
from app.duty.roster.facts import PostOnDuty, ShiftFact
from app.duty.roster.rules.calendar import FIRST_YEAR, DayKind, day
from app.duty.roster.store import shifts
from app.org.rules.access import Viewer, require
from app.refusals import NotFound
from app.wire import Fact

router = APIRouter(prefix="/api/duty", tags=["duty"], route_class=DeskRoute)
Days = Annotated[int, Query(ge=1, le=400)]


class DayOut(Fact):
    """A day of the calendar: a working day, a week-end, a holiday, or a week-end that is worked (调休).

    `own` is a day the county settled itself. `known` is False while no notice of the state for its year is
    here: its holidays are then the law's days and a guess.
    """

    on: date
    kind: DayKind
    name_zh: str
    name_en: str
    known: bool
    own: bool


@router.get("/days/{month}")
async def days(month: str, by: By, tx: InTx) -> list[DayOut]:
    """Return the days of a month (2026-12) as the state's calendar and the county's own days have them."""
    require(by, "see_desk")
    first = parse_month(month)
    if first.year <= FIRST_YEAR:
        return []
    whole = (first + timedelta(days=n) for n in range(31))
    return await _days(tx, by, [on for on in whole if on.month == first.month])


@router.get("/years/{year}")
async def days_of_year(year: Annotated[int, Path(ge=2002, le=2098)], by: By, tx: InTx) -> list[DayOut]:
    """Return the days of a year as the state's calendar and the county's own days have them."""
    require(by, "see_desk")
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    return await _days(tx, by, [first + timedelta(days=n) for n in range((after - first).days)])


async def _days(tx: Tx, by: Viewer, wanted: list[date]) -> list[DayOut]:
    own = await county_days.extra_days(tx, by.stream)
    settled = {one.on for one in own}
    found = (day(on, own) for on in wanted)
    return [
        DayOut(on=d.on, kind=d.kind, name_zh=d.name_zh, name_en=d.name_en, known=d.known, own=d.on in settled)
        for d in found
    ]


@router.get("/now")
async def now(by: By, tx: InTx, house: InHouse, at: Moment | None = None) -> list[PostOnDuty]:
    """Return who holds each seat of the scope's posts at an instant (now unless told), and who is next."""
    require(by, "see_desk")
    return await on_duty.on_duty(tx, by.stream, by.scope, at or house.clock.now(), zone=house.settings.zone)


@router.get("/posts/{post_id}/now")
async def now_at_post(
    post_id: RowId, by: By, tx: InTx, house: InHouse, at: Moment | None = None
) -> PostOnDuty:
    """Return who holds the seats of one post."""
    require(by, "see_desk")
    found = await on_duty.on_duty(
        tx, by.stream, by.scope, at or house.clock.now(), post_id, zone=house.settings.zone
    )
    if not found:
        raise NotFound("该值班岗位", "duty post")
    return found[0]


class DeskOut(Fact):
    """A duty desk somebody in the field may call, with those who sit there now; no personal numbers (R21)."""

    post_id: int
    name: str
    phone: str
    people: list[str]


@router.get("/desks")
async def desks(by: By, tx: InTx, house: InHouse) -> list[DeskOut]:
    """Return the desks to call from the field: those of one's township, then the county's centre."""
    county = by.stream.ljust(12, "0")
    places = dict.fromkeys((by.scope[:9].ljust(12, "0"), county))
    now, zone = house.clock.now(), house.settings.zone
    found = [post for place in places for post in await on_duty.on_duty(tx, by.stream, place, now, zone=zone)]
    return [
        DeskOut(
            post_id=post.id,
            name=post.name,
            phone=post.phone,
            people=[shift.person_name for seat in post.seats for shift in seat.on],
        )
        for post in found
        if post.region_code != county or post.kind == "centre"
    ]


@router.get("/mine")
async def mine(by: By, tx: InTx, house: InHouse, days: Days = 62) -> list[ShiftFact]:
    """Return my shifts from yesterday on, at whatever post."""
    if by.person_id is None:
        return []
    today = house.clock.now()
    return await shifts.of_person(
        tx, by.stream, by.person_id, today - timedelta(days=1), today + timedelta(days=days)
    )
