"""Who is on duty at an instant, and who comes next: put together from the shifts that hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.county_days import store as county_days
from app.duty.roster.facts import PostFact, PostOnDuty, SeatFact, SeatOnDuty, ShiftFact
from app.duty.roster.rules.calendar import ExtraDay
from app.duty.roster.rules.fatigue import CHINA
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.manned import manned
from app.duty.roster.store import shifts

Days = tuple[ZoneInfo, tuple[ExtraDay, ...]]
"""The county's zone and its own days."""


async def on_duty(
    tx: Tx, stream: str, scope: str, at: datetime, post_id: int | None = None, *, zone: ZoneInfo = CHINA
) -> list[PostOnDuty]:
    """Return every post of a scope (or one) with those who hold its seats at an aware instant."""
    posts = await duty.posts(tx, stream, scope, post_id)
    ids = [post.id for post in posts]
    seats = await duty.seats(tx, ids)
    now, following = await shifts.at(tx, ids, at), await shifts.next_after(tx, ids, at)
    # Who keeps no seat for holidays alone need not ask which days are some.
    asks = any(seat.days == "holidays" for of in seats.values() for seat in of)
    own = await county_days.extra_days(tx, stream) if asks else ()
    return [_post(post, seats[post.id], now, following, at, (zone, own)) for post in posts]


def _post(
    post: PostFact,
    seats: Sequence[SeatFact],
    now: Sequence[ShiftFact],
    following: Sequence[ShiftFact],
    at: datetime,
    days: Days,
) -> PostOnDuty:
    held = [_seat(seat, now, following, at, days) for seat in seats]
    changes = [s.ends_at for seat in held for s in seat.on] + [
        s.starts_at for seat in held for s in seat.next
    ]
    on_site = [seat for seat in held if seat.mode == "on_site"]
    there = [s for seat in on_site for s in seat.on if s.arrived_at and s.arrived_at <= at and _still(s, at)]
    return PostOnDuty(
        **post.model_dump(),
        at=at,
        until=min(changes, default=None),
        present=len(there) if post.keeps_presence else None,
        expected=sum(len(seat.on) + seat.missing for seat in on_site) if post.keeps_presence else None,
        seats=held,
    )


def _still(shift: ShiftFact, at: datetime) -> bool:
    return shift.left_at is None or shift.left_at > at


def _seat(
    seat: SeatFact,
    now: Sequence[ShiftFact],
    following: Sequence[ShiftFact],
    at: datetime,
    days: Days,
) -> SeatOnDuty:
    on = [shift for shift in now if shift.seat_id == seat.id]
    return SeatOnDuty(
        **seat.model_dump(),
        on=on,
        missing=max(0, seat.needed - len(on)) if _manned(seat, at, days) else 0,
        next=[shift for shift in following if shift.seat_id == seat.id],
    )


def _manned(seat: SeatFact, at: datetime, days: Days) -> bool:
    return bool(manned(seat.days, Interval(at, at + timedelta(seconds=1)), *days))
