"""The roster of a month as a page to print (值班表, domain/rules B8): A4 across, one line a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.api.house import By, InHouse, InTx
from app.api.pages import environment
from app.api.rosters import Month, post_of
from app.api.route import DeskRoute
from app.commands import RowId
from app.desk.roster_paper import head_of, lines_of, manned
from app.duty import store as duty
from app.duty.county_days import store as county_days
from app.duty.roster.actions.post import month_of
from app.duty.roster.facts import PostFact, RosterFact, SeatFact, ShiftFact
from app.duty.roster.on_duty import Days
from app.duty.roster.store import plans, shifts

router = APIRouter(tags=["duty"], route_class=DeskRoute)


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
    shown = manned(seats, held)
    return environment.get_template("roster.html").render(
        post=post,
        month=roster.month,
        roster=roster,
        heads=[head_of(seat) for seat in shown],
        lines=lines_of(roster.month, shown, held, days),
        phones=sorted({(s.person_name, s.phone) for s in held}),
        published_at=roster.published_at.astimezone(days[0]) if roster.published_at else None,
        now=now,
    )
