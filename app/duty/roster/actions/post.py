"""Which post a planner may change, and the lock under which it is changed."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.roster.rules.calendar import FIRST_YEAR, LAST_YEAR
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.wall_clock import at
from app.duty.tables import DutyPost, DutySeat
from app.org.rules.access import Concern, Viewer, require
from app.refusals import FieldFault, InvalidInput, NotFound

HANDOVER = time(8)  # R7: the day of duty begins at eight


async def post_for_planning(tx: Tx, by: Viewer, post_id: int) -> DutyPost:
    """Return a post of this planner's scope, locked. Raises NotFound, NotPermitted."""
    require(by, "plan_duty")
    post = await duty.locked(tx, by.stream, post_id)
    if post is None or not by.covers(post.region_code) or not _own_desk(by, post):
        raise NotFound("该值班岗位", "duty post")
    return post


def _own_desk(by: Viewer, post: DutyPost) -> bool:
    """Whether this planner may: a township plans its own desk, the centre every one."""
    return len(by.scope) <= len(by.stream) or post.region_code.startswith(by.scope)


async def seat_of(tx: Tx, post: DutyPost, seat_id: int) -> DutySeat:
    """Return a seat of the post. Raises InvalidInput for one of another post."""
    assert post.id is not None
    for seat in await duty.seat_rows(tx, post.id):
        if seat.id == seat_id:
            return seat
    raise InvalidInput(FieldFault("seat_id", "该岗位没有这个席位", "the post has no such seat"))


def month_of(first_day: date, zone: ZoneInfo) -> Interval:
    """Return the month as duty counts it: from eight on the first to eight on the first of the next."""
    following = date(first_day.year + first_day.month // 12, first_day.month % 12 + 1, 1)
    return Interval(at(zone, first_day, HANDOVER), at(zone, following, HANDOVER))


def concern(post: DutyPost) -> Concern:
    """Whom a change of this roster concerns."""
    return Concern((post.region_code,))


def parse_month(text: str) -> date:
    """Read `2026-12`. Raises InvalidInput."""
    try:
        found = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  a month has no zone
    except ValueError:
        found = date(1, 1, 1)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise InvalidInput(FieldFault("month", "月份应写作 2026-12", "write the month as 2026-12"))
    return found
