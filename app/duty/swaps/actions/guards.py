"""What every step of a swap has to pass."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.roster.fitness import HARD, obstacles
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.training import required
from app.duty.roster.store.plans import departed, persons
from app.duty.swaps import store
from app.duty.swaps.refusals import CannotTake, SwapMoved, SwapOver
from app.duty.swaps.tables import Swap
from app.duty.tables import DutyPost
from app.org.rules.access import Viewer
from app.refusals import NotFound, NotPermitted


async def desk_of(tx: Tx, stream: str, post_id: int) -> DutyPost:
    """Return the post of a swap, locked."""
    found = await duty.locked(tx, stream, post_id)
    assert found is not None
    return found


async def held(tx: Tx, by: Viewer, swap_id: int) -> tuple[Swap, DutyPost]:
    """Return a swap that this person may know of, and its post, both locked."""
    row = await store.locked(tx, by.stream, swap_id)
    if row is None:
        raise NotFound("该换班", "swap")
    desk = await desk_of(tx, by.stream, row.post_id)
    ours = by.person_id is not None and (
        by.person_id in (row.asker_id, row.taker_id) or await of_unit(tx, by.stream, by.person_id, desk)
    )
    if not (ours or by.covers(desk.region_code)):
        raise NotFound("该换班", "swap")
    return row, desk


def plans(by: Viewer, desk: DutyPost) -> bool:
    """Whether this person plans the duty of the post."""
    return by.may("plan_duty") and by.covers(desk.region_code)


def require_own(by: Viewer, person_id: int, desk: DutyPost) -> None:
    """Act for oneself, or on behalf of somebody whose duty one plans."""
    if person_id != by.person_id and not plans(by, desk):
        raise NotPermitted


async def of_unit(tx: Tx, stream: str, person_id: int, desk: DutyPost) -> bool:
    """Whether a person serves in the unit that mans the post."""
    people = await persons(tx, stream, [person_id])
    if await departed(tx, [person_id]):
        return False
    return person_id in people and people[person_id][1] == desk.unit_id


async def require_open(tx: Tx, row: Swap, now: datetime, state: str) -> None:
    """Refuse a swap that is not in this state any more, or whose shift has changed."""
    assert row.id is not None
    if row.state != state or row.starts_at <= now:
        raise SwapOver
    fact = await store.fact(tx, row.id)
    if fact.stale:
        raise SwapMoved
    if fact.return_starts_at is not None and fact.return_starts_at <= now:
        raise SwapOver


async def require_fit(tx: Tx, row: Swap, taker: int, desk: DutyPost, zone: ZoneInfo) -> None:
    """Refuse who is no colleague, is untrained or away, sits elsewhere or would sit too long; both ways."""
    if not await of_unit(tx, row.stream, taker, desk):
        raise CannotTake("不是本单位人员,不得替班", "is not of this unit and may not stand in")
    given_away = await store.shift(tx, row.stream, row.shift_id)
    if given_away is None:
        raise SwapMoved
    seats = {seat.id: required(seat.qualification) for seat in await duty.seat_rows(tx, row.post_id)}
    duties = [(taker, given_away.seat_id, Interval(row.starts_at, row.ends_at))]
    if row.return_shift_id is not None:
        back = await store.shift(tx, row.stream, row.return_shift_id)
        if back is None or (back.state, back.person_id, back.post_id) != ("planned", taker, row.post_id):
            raise SwapMoved
        duties.append((row.asker_id, back.seat_id, Interval(back.starts_at, back.ends_at)))
    given = [shift_id for shift_id in (row.shift_id, row.return_shift_id) if shift_id]
    for person, seat, interval in duties:
        found = await obstacles(tx, [person], interval, zone, without=given, requires=seats[seat])
        if hard := [reason for reason in found[person] if reason.code in HARD]:
            raise CannotTake(hard[0].zh, hard[0].en)
