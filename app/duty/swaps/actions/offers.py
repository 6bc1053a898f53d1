"""A swap before a leader has spoken: offered, taken, withdrawn; and filed afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty.roster.actions.changes import require_persons, store_change
from app.duty.roster.rules.interval import Interval
from app.duty.roster.tables import Shift
from app.duty.swaps import store
from app.duty.swaps.actions.guards import desk_of, held, plans, require_fit, require_open, require_own
from app.duty.swaps.actions.tell import tell
from app.duty.swaps.commands import FilingIn, SwapIn, TakeIn
from app.duty.swaps.facts import SwapFact
from app.duty.swaps.refusals import ShiftOnOffer, SwapOver, SwapTooLate, SwapWithOneself
from app.duty.swaps.tables import Swap
from app.org.rules.access import Viewer, actor
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted

AHEAD = timedelta(hours=24)  # R10


async def ask(tx: Tx, by: Viewer, told: SwapIn, now: datetime, zone: ZoneInfo) -> SwapFact:
    """Offer a shift. Raises NotFound, NotPermitted, InvalidInput and what `refusals` holds."""
    shift = await store.shift(tx, by.stream, told.shift_id)
    if shift is None or shift.state != "planned":
        raise NotFound("该班次", "shift")
    desk = await desk_of(tx, by.stream, shift.post_id)
    require_own(by, shift.person_id, desk)
    if told.taker_id == shift.person_id:
        raise SwapWithOneself
    part = _part(told, shift)
    if part.start <= now or (part.start - now < AHEAD and not told.urgent):
        raise SwapTooLate
    await _require_return(tx, told, shift, now)
    row = Swap(
        stream=by.stream,
        post_id=shift.post_id,
        shift_id=told.shift_id,
        asker_id=shift.person_id,
        starts_at=part.start,
        ends_at=part.end,
        return_shift_id=told.return_shift_id,
        reason=told.reason,
        urgent=told.urgent,
        asked_by=by.name,
        asked_at=now,
    )
    if told.taker_id is not None:
        await require_persons(tx, by, desk, [told.taker_id])
        await require_fit(tx, row, told.taker_id, desk, zone)
        row.taker_id = told.taker_id
    await store_change(tx, row, "one_live_swap_per_shift", ShiftOnOffer)
    return await tell(tx, row, desk, "swap.asked", now, actor(by))


async def take(tx: Tx, by: Viewer, swap_id: int, told: TakeIn, now: datetime, zone: ZoneInfo) -> SwapFact:
    """Take an offered shift. Raises NotFound, NotPermitted, SwapOver, SwapMoved, CannotTake."""
    row, desk = await held(tx, by, swap_id)
    taker = told.person_id or by.person_id
    if taker is None:
        raise InvalidInput(FieldFault("person_id", "请写明由谁接班", "name who takes the shift"))
    require_own(by, taker, desk)
    await require_open(tx, row, now, "asked")
    if row.taker_id not in (None, taker):
        raise NotPermitted
    if taker == row.asker_id:
        raise SwapWithOneself
    await require_fit(tx, row, taker, desk, zone)
    row.taker_id, row.state, row.taken_by, row.taken_at = taker, "taken", by.name, now
    return await tell(tx, row, desk, "swap.taken", now, actor(by))


async def withdraw(tx: Tx, by: Viewer, swap_id: int, now: datetime) -> SwapFact:
    """Take an offer back before a leader has decided. Raises NotFound, NotPermitted, SwapOver."""
    row, desk = await held(tx, by, swap_id)
    if by.person_id not in (row.asker_id, row.taker_id) and not plans(by, desk):
        raise NotPermitted
    if row.state not in {"asked", "taken"}:
        raise SwapOver
    row.state = "withdrawn"
    return await tell(tx, row, desk, "swap.withdrawn", now, actor(by))


async def file(tx: Tx, by: Viewer, swap_id: int, told: FilingIn, now: datetime) -> SwapFact:
    """Note that an approved swap was reported to the general duty office (报备). Raises as `withdraw`."""
    row, desk = await held(tx, by, swap_id)
    if not plans(by, desk):
        raise NotPermitted
    if row.state != "approved":
        raise SwapOver
    row.state, row.filed_as, row.filed_by, row.filed_at = "filed", told.filed_as, by.name, now
    return await tell(tx, row, desk, "swap.filed", now, actor(by))


async def _require_return(tx: Tx, told: SwapIn, shift: Shift, now: datetime) -> None:
    """Refuse a return that is no shift ahead of a colleague at the same desk."""
    if told.return_shift_id is None:
        return
    back = await store.shift(tx, shift.stream, told.return_shift_id)
    if back is None or (back.state, back.post_id) != ("planned", shift.post_id):
        raise InvalidInput(
            FieldFault("return_shift_id", "本岗位没有这个班次", "the post has no such shift in return")
        )
    if back.person_id == shift.person_id:
        raise SwapWithOneself
    if back.starts_at <= now:
        raise SwapTooLate


def _part(told: SwapIn, shift: Shift) -> Interval:
    """Return the part of the shift that changes hands. Raises InvalidInput when it lies outside."""
    start, end = told.starts_at or shift.starts_at, told.ends_at or shift.ends_at
    if start < shift.starts_at or end > shift.ends_at or start >= end:
        raise InvalidInput(
            FieldFault("starts_at", "替班时段须在本班次之内", "the part must lie within the shift")
        )
    return Interval(start, end)
