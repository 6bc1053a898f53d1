"""The life of leave: asked for, decided by a leader, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from app.db import Tx
from app.duty.leave import store
from app.duty.leave.commands import DecisionIn, LeaveIn
from app.duty.leave.events import LeaveChanged
from app.duty.leave.facts import LeaveFact
from app.duty.leave.off_roster import Moved, put_back, take_off
from app.duty.leave.tables import Leave
from app.duty.roster.actions.changes import override_event
from app.duty.roster.actions.post import concern
from app.duty.roster.store import shifts
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted, Refusal


class LeaveOverlaps(Refusal):
    """The person is already away then, or has asked to be."""

    code = "leave_overlaps"

    def __init__(self) -> None:
        super().__init__(
            "这段时间已有请假,请先撤回原来的申请", "there is leave for this time already: withdraw it first"
        )


class AlreadyDecided(Refusal):
    """What a leader decided is not decided again."""

    code = "already_decided"

    def __init__(self) -> None:
        super().__init__("已经有了决定或已撤回", "it was decided or withdrawn already")


async def ask(tx: Tx, by: Viewer, told: LeaveIn, now: datetime) -> LeaveFact:
    """Ask for leave. Raises NotFound, NotPermitted, LeaveOverlaps, InvalidInput."""
    person_id = told.person_id or by.person_id
    if person_id is None:
        raise InvalidInput(FieldFault("person_id", "请写明为谁请假", "name the person who is away"))
    region = await store.region_of(tx, by.stream, person_id)
    if region is None:
        raise NotFound("这个人", "person")
    if person_id != by.person_id and not (by.may("plan_duty") and by.covers(region)):
        raise NotPermitted
    row = Leave(
        stream=by.stream,
        **told.model_dump(exclude={"person_id"}),
        person_id=person_id,
        asked_by=by.name,
        asked_at=now,
    )
    tx.add(row)
    try:
        await tx.flush()
    except IntegrityError as error:
        if "leave_once_at_a_time" in str(error):
            raise LeaveOverlaps from error
        raise
    return await _tell(tx, by, row, "leave.asked", [], now)


async def decide(
    tx: Tx, by: Viewer, leave_id: int, told: DecisionIn, now: datetime, zone: ZoneInfo
) -> LeaveFact:
    """Approve or refuse; approved leave takes the person off the roster. Nobody decides on his own leave.

    Raises NotFound, NotPermitted, AlreadyDecided.
    """
    row = await store.locked(tx, by.stream, leave_id)
    region = await store.region_of(tx, by.stream, row.person_id) if row else None
    if row is None or region is None or not by.covers(region):
        raise NotFound("该请假", "leave")
    if not by.may("approve_duty") or row.person_id == by.person_id:
        raise NotPermitted
    if row.state != "asked":
        raise AlreadyDecided
    row.state = "approved" if told.approved else "refused"
    row.decided_by, row.decided_at, row.remark = by.name, now, told.remark
    await tx.flush()
    moved = await take_off(tx, by, row, now, zone) if told.approved else []
    return await _tell(tx, by, row, "leave.approved" if told.approved else "leave.refused", moved, now)


async def withdraw(tx: Tx, by: Viewer, leave_id: int, now: datetime, zone: ZoneInfo) -> LeaveFact:
    """Take leave back: the person comes after all. Raises NotFound, AlreadyDecided."""
    row = await store.locked(tx, by.stream, leave_id)
    region = await store.region_of(tx, by.stream, row.person_id) if row else None
    if row is None or region is None:
        raise NotFound("该请假", "leave")
    if row.person_id != by.person_id and not (by.may("plan_duty") and by.covers(region)):
        raise NotFound("该请假", "leave")
    if row.state not in {"asked", "approved"} or row.ends_at <= now:
        raise AlreadyDecided
    row.state = "withdrawn"
    moved = await put_back(tx, by, row, now, zone)
    return await _tell(tx, by, row, "leave.withdrawn", moved, now)


_Type = Literal["leave.asked", "leave.approved", "leave.refused", "leave.withdrawn"]


async def _tell(
    tx: Tx, by: Viewer, row: Leave, type_: _Type, moved: Sequence[Moved], now: datetime
) -> LeaveFact:
    """Tell the person's own place of the leave, and a desk elsewhere that its roster has changed."""
    await tx.flush()
    assert row.id is not None
    fact = await store.fact(tx, row.id)
    event = LeaveChanged(
        type=type_,
        leave=fact,
        added=await shifts.facts(tx, [shift_id for one in moved for shift_id in one.settled.added]),
        dropped=[shift for one in moved for shift in one.settled.dropped],
    )
    entries = [journal.Entry(event, Concern((fact.region_code,)))]
    entries += [
        journal.Entry(await override_event(tx, one.post, one.row, one.settled), concern(one.post))
        for one in moved
        if one.post.region_code != fact.region_code
    ]
    await journal.append(tx, row.stream, now, entries, actor(by))
    return fact
