"""A leader's word on a swap, and what the clock does to one that waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.roster.actions.changes import ChangeOverlaps, store_change
from app.duty.roster.actions.settle import Settled, settle
from app.duty.roster.rules.interval import Interval
from app.duty.roster.tables import RosterOverride
from app.duty.swaps import store
from app.duty.swaps.actions.guards import held, require_fit, require_open
from app.duty.swaps.actions.tell import entry, tell, tell_carried_out
from app.duty.swaps.commands import SwapDecisionIn
from app.duty.swaps.facts import SwapFact
from app.duty.swaps.refusals import SwapOver, SwapPassedOn
from app.duty.swaps.tables import Swap
from app.journal import store as journal
from app.org.rules.access import Viewer, actor, require
from app.refusals import NotPermitted

DECIDED_WITHIN = timedelta(hours=3)  # after that the swap is UNAPPROVED and the desk is told


async def decide(
    tx: Tx, by: Viewer, swap_id: int, told: SwapDecisionIn, now: datetime, zone: ZoneInfo
) -> SwapFact:
    """Approve or refuse as a leader who is no party. Raises NotPermitted, SwapOver, SwapMoved, CannotTake."""
    row, desk = await held(tx, by, swap_id)
    require(by, "approve_duty")
    if not by.covers(desk.region_code) or by.person_id in (row.asker_id, row.taker_id):
        raise NotPermitted
    await require_open(tx, row, now, "taken")
    row.decided_by, row.decided_at, row.remark = by.name, now, told.remark
    if not told.approved:
        row.state = "refused"
        return await tell(tx, row, desk, "swap.refused", now, actor(by))
    assert row.taker_id is not None
    await require_fit(tx, row, row.taker_id, desk, zone)
    row.state = "approved"
    changes = await _hand_over(tx, row, by, now)
    settled = await settle_both(tx, row, changes, now, zone)
    return await tell_carried_out(tx, row, desk, "swap.approved", settled, now, actor(by))


async def revoke(tx: Tx, by: Viewer, swap_id: int, now: datetime, zone: ZoneInfo) -> SwapFact:
    """Undo an approved swap from now on. Raises NotPermitted, SwapOver, SwapPassedOn, DoubleBooked."""
    row, desk = await held(tx, by, swap_id)
    require(by, "approve_duty")
    if not by.covers(desk.region_code):
        raise NotPermitted
    if row.state not in {"approved", "filed"} or row.ends_at <= now:
        raise SwapOver
    changes = await store.overrides_of(tx, swap_id)
    if await store.built_upon(tx, changes):
        raise SwapPassedOn
    for change in changes:
        change.revoked_at, change.revoked_by = now, by.name
    row.state = "revoked"
    await tx.flush()
    settled = await settle_both(tx, row, changes, now, zone)
    return await tell_carried_out(tx, row, desk, "swap.revoked", settled, now, actor(by))


async def review(tx: Tx, stream: str, now: datetime) -> int:
    """Flag swaps that wait too long for a leader, end those overtaken by time or roster; return how many."""
    flagged = await store.undecided(tx, stream, now - DECIDED_WITHIN)
    ended = await store.overtaken(tx, stream, now)
    entries = []
    for swap_id in sorted({*flagged, *ended}):
        row = await store.free(tx, stream, swap_id)
        desk = await duty.row(tx, stream, row.post_id) if row else None
        if row is None or desk is None or row.state not in {"asked", "taken"}:
            continue
        if swap_id in ended:
            row.state = "lapsed"
            entries.append(await entry(tx, row, desk, "swap.lapsed"))
        else:
            row.flagged_at = now
            entries.append(await entry(tx, row, desk, "swap.unapproved"))
    if entries:
        await journal.append(tx, stream, now, entries)
    return len(entries)


async def _hand_over(tx: Tx, row: Swap, by: Viewer, now: datetime) -> list[RosterOverride]:
    """Write the change, or both of an exchange, into the roster."""
    shift = await store.shift(tx, row.stream, row.shift_id)
    assert shift is not None
    changes = [_override(row, shift.seat_id, row.starts_at, row.ends_at, row.taker_id, row.asker_id, by, now)]
    if row.return_shift_id is not None:
        back = await store.shift(tx, row.stream, row.return_shift_id)
        assert back is not None
        changes.append(
            _override(row, back.seat_id, back.starts_at, back.ends_at, row.asker_id, row.taker_id, by, now)
        )
    for change in changes:
        await store_change(tx, change, "_a_person_once", ChangeOverlaps)
    return changes


def _override(
    row: Swap,
    seat_id: int,
    start: datetime,
    end: datetime,
    add: int | None,
    remove: int | None,
    by: Viewer,
    now: datetime,
) -> RosterOverride:
    return RosterOverride(
        stream=row.stream,
        seat_id=seat_id,
        starts_at=start,
        ends_at=end,
        add_person_id=add,
        remove_person_id=remove,
        kind="swap",
        swap_id=row.id,
        reason=row.reason,
        made_by=by.name,
        made_at=now,
    )


async def settle_both(
    tx: Tx, row: Swap, changes: Sequence[RosterOverride], now: datetime, zone: ZoneInfo
) -> Settled:
    """Bring both seats into line in one breath: two persons may change chairs at the same hour."""
    start, end = min(c.starts_at for c in changes), max(c.ends_at for c in changes)
    seats = sorted({change.seat_id for change in changes})
    return await settle(tx, row.stream, row.post_id, seats, Interval(start, end), now, zone)
