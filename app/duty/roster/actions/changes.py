"""Changes of a roster for a while: overrides and temporary schedules, made and taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from app.db import Tx
from app.duty import store as duty
from app.duty.roster.actions.post import concern, post_for_planning, seat_of
from app.duty.roster.actions.rest import reason_despite
from app.duty.roster.actions.settle import Settled, settle
from app.duty.roster.actions.training import require_trained
from app.duty.roster.commands import OverrideIn, TemporaryIn
from app.duty.roster.events import RosterOverridden, TemporaryScheduleSet
from app.duty.roster.facts import OverrideFact, TemporaryFact
from app.duty.roster.rules.interval import Interval
from app.duty.roster.store import plans, shifts
from app.duty.roster.tables import RosterOverride, TemporarySchedule
from app.duty.tables import DutyPost
from app.journal import store as journal
from app.org.rules.access import Viewer, actor
from app.refusals import FieldFault, InvalidInput, NotFound, Refusal


class ChangeOverlaps(Refusal):
    """Another change of the same kind holds for this seat and time."""

    code = "change_overlaps"

    def __init__(self) -> None:
        super().__init__(
            "该席位在这段时间已有同样的调整,请先撤销原来的调整",
            "this seat already has such a change for this time: take that one back first",
        )


class AlreadyPast(Refusal):
    """The past is recorded; it is not planned anew."""

    code = "already_past"

    def __init__(self) -> None:
        super().__init__("这段时间已经过去,不能再调整排班", "this time is past: the roster of it stands")


class MadeBySwap(Refusal):
    """Half of what a leader approved is not undone by itself."""

    code = "made_by_swap"

    def __init__(self) -> None:
        super().__init__(
            "这项调整来自已批准的换班,请由带班领导撤销该换班",
            "this change was made by an approved swap: have a leader revoke the swap",
        )


class MadeByLeave(Refusal):
    """Who is away stays off the roster while the leave stands."""

    code = "made_by_leave"

    def __init__(self) -> None:
        super().__init__(
            "这项调整来自已批准的请假,不能单独撤销:本人提前返岗请先销假",
            "this change was made by approved leave: withdraw the leave when the person comes after all",
        )


async def override(
    tx: Tx, by: Viewer, post_id: int, told: OverrideIn, now: datetime, zone: ZoneInfo
) -> OverrideFact:
    """Change who holds a seat for a while.

    Raises ChangeOverlaps, DoubleBooked, OnLeave, Untrained, AlreadyPast, OverContinuous, InvalidInput.
    """
    post = await post_for_planning(tx, by, post_id)
    seat = await seat_of(tx, post, told.seat_id)
    if told.add_person_id is not None:
        await require_persons(tx, by, post, [told.add_person_id])
        await require_trained(tx, by.stream, seat, [told.add_person_id])
    if told.remove_person_id is not None:
        await _require_known(tx, by, told.remove_person_id)
    starts_at, kept = max(told.starts_at, now), ""
    if told.add_person_id is not None and starts_at < told.ends_at:
        span = Interval(starts_at, told.ends_at)
        kept = await reason_despite(tx, by, told.add_person_id, span, zone, told.despite)
    row = RosterOverride(
        stream=by.stream,
        seat_id=told.seat_id,
        starts_at=starts_at,
        ends_at=told.ends_at,
        add_person_id=told.add_person_id,
        remove_person_id=told.remove_person_id,
        reason=told.reason + kept,
        made_by=by.name,
        made_at=now,
    )
    settled = await apply_override(tx, post, row, now, zone)
    return await tell_override(tx, by, post, row, settled, now)


async def apply_override(
    tx: Tx, post: DutyPost, row: RosterOverride, now: datetime, zone: ZoneInfo
) -> Settled:
    """Store an override and settle its seat. The caller holds the post's lock and tells of it.

    Raises ChangeOverlaps, DoubleBooked, OnLeave, AlreadyPast.
    """
    if row.ends_at <= now:
        raise AlreadyPast
    await store_change(tx, row, "_a_person_once", ChangeOverlaps)
    return await settle_change(tx, post, row, now, zone)


async def revoke_override(
    tx: Tx, by: Viewer, post_id: int, override_id: int, now: datetime, zone: ZoneInfo
) -> OverrideFact:
    """Take an override back: from now on the roster holds again. One that was taken back stays as it is.

    Raises NotFound, DoubleBooked, OnLeave, MadeBySwap, MadeByLeave.
    """
    post = await post_for_planning(tx, by, post_id)
    row = await plans.override(tx, by.stream, override_id)
    if row is None or await duty.post_of_seat(tx, row.seat_id) != post_id:
        raise NotFound("该调整", "change")
    if row.swap_id is not None:
        raise MadeBySwap
    if row.leave_id is not None:
        raise MadeByLeave
    if row.revoked_at is not None:
        return plans.override_fact(row, post_id)
    row.revoked_at, row.revoked_by = now, by.name
    await tx.flush()
    settled = await settle_change(tx, post, row, now, zone)
    return await tell_override(tx, by, post, row, settled, now)


async def set_temporary(
    tx: Tx, by: Viewer, post_id: int, told: TemporaryIn, now: datetime, zone: ZoneInfo
) -> TemporaryFact:
    """Let only these shifts hold for a while. Raises as `override` does."""
    post = await post_for_planning(tx, by, post_id)
    seat = await seat_of(tx, post, told.seat_id)
    await require_persons(tx, by, post, [shift.person_id for shift in told.shifts])
    await require_trained(tx, by.stream, seat, [shift.person_id for shift in told.shifts])
    if told.ends_at <= now:
        raise AlreadyPast
    row = TemporarySchedule(
        stream=by.stream,
        seat_id=told.seat_id,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        shifts=[[s.person_id, s.starts_at.isoformat(), s.ends_at.isoformat()] for s in told.shifts],
        reason=told.reason,
        made_by=by.name,
        made_at=now,
    )
    await store_change(tx, row, "temporary_schedules_do_not_overlap", ChangeOverlaps)
    settled = await settle_change(tx, post, row, now, zone)
    return await _tell_temporary(tx, by, post, row, settled, now)


async def revoke_temporary(
    tx: Tx, by: Viewer, post_id: int, temporary_id: int, now: datetime, zone: ZoneInfo
) -> TemporaryFact:
    """Take a temporary schedule back, once. Raises NotFound, DoubleBooked, OnLeave."""
    post = await post_for_planning(tx, by, post_id)
    row = await plans.temporary(tx, by.stream, temporary_id)
    if row is None or await duty.post_of_seat(tx, row.seat_id) != post_id:
        raise NotFound("该临时排班", "temporary schedule")
    if row.revoked_at is not None:
        return plans.temporary_fact(row, post_id)
    row.revoked_at, row.revoked_by = now, by.name
    await tx.flush()
    settled = await settle_change(tx, post, row, now, zone)
    return await _tell_temporary(tx, by, post, row, settled, now)


async def require_persons(tx: Tx, by: Viewer, post: DutyPost, person_ids: Sequence[int]) -> None:
    """Raise InvalidInput unless each of these serves in the planner's places or in the post's unit."""
    known = await plans.within_reach(tx, by.stream, by.scope, post.unit_id, person_ids, serving=True)
    if set(person_ids) - known:
        raise InvalidInput(
            FieldFault("person_id", "没有这个人,或已离职", "there is no such person, or no longer")
        )


async def _require_known(tx: Tx, by: Viewer, person_id: int) -> None:
    """Raise InvalidInput unless this is a person of the county: who has left can be taken off a seat."""
    if person_id not in await plans.persons(tx, by.stream, [person_id]):
        raise InvalidInput(FieldFault("remove_person_id", "没有这个人", "there is no such person"))


async def store_change(tx: Tx, row: SQLModel, constraint: str, refusal: Callable[[], Refusal]) -> None:
    """Store a row; what the named constraint forbids is refused in words."""
    tx.add(row)
    try:
        await tx.flush()
    except IntegrityError as error:
        if constraint in str(error):
            raise refusal() from error
        raise


async def settle_change(
    tx: Tx, post: DutyPost, row: RosterOverride | TemporarySchedule, now: datetime, zone: ZoneInfo
) -> Settled:
    """Bring the seat of a change into line. The caller holds the post's lock. Raises DoubleBooked."""
    assert post.id is not None
    window = Interval(row.starts_at, row.ends_at)
    return await settle(tx, row.stream, post.id, [row.seat_id], window, now, zone)


async def tell_override(
    tx: Tx, by: Viewer, post: DutyPost, row: RosterOverride, settled: Settled, now: datetime
) -> OverrideFact:
    """Append that the roster was changed for a while, or that the change was taken back."""
    event = await override_event(tx, post, row, settled)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern(post))], actor(by))
    return event.override


async def override_event(tx: Tx, post: DutyPost, row: RosterOverride, settled: Settled) -> RosterOverridden:
    """Return what is to be told of an override."""
    assert post.id is not None
    return RosterOverridden(
        type="roster.overridden" if row.revoked_at is None else "roster.override_revoked",
        override=plans.override_fact(row, post.id),
        added=await shifts.facts(tx, settled.added),
        dropped=settled.dropped,
    )


async def _tell_temporary(
    tx: Tx, by: Viewer, post: DutyPost, row: TemporarySchedule, settled: Settled, now: datetime
) -> TemporaryFact:
    assert post.id is not None
    fact = plans.temporary_fact(row, post.id)
    event = TemporaryScheduleSet(
        type="roster.temporary_set" if row.revoked_at is None else "roster.temporary_revoked",
        temporary=fact,
        added=await shifts.facts(tx, settled.added),
        dropped=settled.dropped,
    )
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern(post))], actor(by))
    return fact
