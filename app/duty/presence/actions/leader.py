"""Calls to the leader in charge: after three in vain a deputy leads in his place (S17.7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.presence import store
from app.duty.presence.commands import LeaderCallIn
from app.duty.presence.events import LeaderCalled
from app.duty.presence.facts import LeaderCallFact, SubstituteFact
from app.duty.presence.refusals import NotALeadersShift
from app.duty.presence.rules import CALLS_IN_VAIN
from app.duty.presence.substitutes import substitutes
from app.duty.presence.tables import LeaderCall
from app.duty.roster.actions.changes import apply_override, override_event
from app.duty.roster.actions.post import concern
from app.duty.roster.facts import ShiftFact
from app.duty.roster.store import shifts
from app.duty.roster.tables import RosterOverride
from app.duty.tables import DutyPost
from app.journal import store as journal
from app.org.rules.access import Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound

LATELY = timedelta(days=92)
LEADS = frozenset({"leader_in_charge", "chief_leader"})


async def note_call(
    tx: Tx, by: Viewer, post_id: int, told: LeaderCallIn, now: datetime, zone: ZoneInfo
) -> LeaderCallFact:
    """Note a call to a leader on duty; the third in vain puts a deputy in his place.

    Raises NotFound, NotPermitted, NotALeadersShift, InvalidInput unless it is clear who was called.
    """
    require(by, "command")
    post = await duty.locked(tx, by.stream, post_id)
    if post is None or not by.covers(post.region_code):
        raise NotFound("该值班岗位", "duty post")
    shift = _called(await leading(tx, post_id, now), told.person_id)
    tx.add(
        LeaderCall(
            stream=by.stream,
            post_id=post_id,
            shift_id=shift.id,
            person_id=shift.person_id,
            called_at=now,
            answered=told.answered,
            note=told.note,
            noted_by=by.name,
        )
    )
    await tx.flush()
    call = (await store.leader_calls(tx, shift.id))[-1]
    if call.in_vain < CALLS_IN_VAIN:
        await _tell(tx, by, post, call, None, [], now)
        return call
    deputy, entries = await _replace(tx, by, post, shift, now, zone)
    await _tell(tx, by, post, call, deputy, entries, now)
    return call


async def leading(tx: Tx, post_id: int, now: datetime) -> list[ShiftFact]:
    """Return the shifts of those who lead at a post now."""
    return [shift for shift in await shifts.at(tx, [post_id], now) if shift.role in LEADS]


def _called(held: Sequence[ShiftFact], person_id: int | None) -> ShiftFact:
    """Return the shift of who was called. Raises NotALeadersShift, InvalidInput."""
    if not held:
        raise NotALeadersShift
    who = [shift for shift in held if person_id in (None, shift.person_id)]
    if len(who) == 1:
        return who[0]
    names = "、".join(shift.person_name for shift in held)
    raise InvalidInput(
        FieldFault(
            "person_id",
            f"此刻带班的是{names},请写明呼叫的是谁",
            f"leading now: {names}; say which of them was called",
        )
    )


async def _replace(
    tx: Tx, by: Viewer, post: DutyPost, shift: ShiftFact, now: datetime, zone: ZoneInfo
) -> tuple[SubstituteFact | None, list[journal.Entry]]:
    """Let the first who may lead here, and can, do so for the rest of the shift; None when nobody can.

    A deputy of the seat, or who takes turns at it: a clerk does not lead because he is free.
    """
    leads = await store.who_lead(tx, shift.seat_id, now - LATELY)
    could = await substitutes(tx, shift.post_id, shift.seat_id, now, shift.ends_at, zone)
    deputy = next((one for one in could if one.fit and one.person_id in leads), None)
    if deputy is None:
        return None, []
    row = RosterOverride(
        stream=by.stream,
        seat_id=shift.seat_id,
        starts_at=now,
        ends_at=shift.ends_at,
        add_person_id=deputy.person_id,
        remove_person_id=shift.person_id,
        kind="acting",
        reason=f"带班领导{shift.person_name}三次联系不上,由{deputy.name}代行",
        made_by=by.name,
        made_at=now,
    )
    settled = await apply_override(tx, post, row, now, zone)
    event = await override_event(tx, post, row, settled)
    return deputy, [journal.Entry(event, concern(post))]


async def _tell(
    tx: Tx,
    by: Viewer,
    post: DutyPost,
    call: LeaderCallFact,
    deputy: SubstituteFact | None,
    entries: list[journal.Entry],
    now: datetime,
) -> None:
    replaced = call.in_vain >= CALLS_IN_VAIN
    event = LeaderCalled(
        type="presence.leader_replaced" if replaced else "presence.leader_called",
        call=call,
        acting_person_id=deputy.person_id if deputy else None,
        acting_name=deputy.name if deputy else None,
    )
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern(post)), *entries], actor(by))
