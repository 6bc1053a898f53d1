"""Presence: who came and went, which seat is empty, who could fill it, calls to the leader."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import Moment, RowId
from app.desk.handover.actions.moves import also_arrived
from app.duty import store as duty
from app.duty.presence import store
from app.duty.presence.actions import attendance, gaps, leader
from app.duty.presence.commands import AliveIn, ArrivalIn, LeaderCallIn, LeavingIn, StandInIn
from app.duty.presence.facts import AttendanceFact, GapFact, LeaderCallFact, SubstituteFact
from app.duty.presence.substitutes import substitutes
from app.duty.roster.facts import OverrideFact
from app.org.rules.access import require
from app.refusals import FieldFault, InvalidInput, NotFound

router = APIRouter(prefix="/api/duty", tags=["duty"], route_class=DeskRoute)
Limit = Annotated[int, Query(ge=1, le=500)]
SHOWN_FOR = timedelta(days=31)
LONGEST = timedelta(days=35)


@router.post("/presence/arrival", status_code=201)
async def arrive(told: ArrivalIn, by: By, tx: InTx, house: InHouse) -> AttendanceFact:
    """Arrive for one's shift (签到), or note that somebody else did."""
    now = house.clock.now()
    here = await attendance.arrive(tx, by, told, now)
    await also_arrived(tx, by, here.post_id, here.person_id, now)
    return here


@router.post("/presence/departure")
async def leave(told: LeavingIn, by: By, tx: InTx, house: InHouse) -> AttendanceFact:
    """Leave (签退). Refused while the seat would be empty, unless a leader answers for it."""
    return await attendance.leave(tx, by, told, house.clock.now(), house.settings.zone)


@router.post("/presence/sign")
async def sign(told: AliveIn, by: By, tx: InTx, house: InHouse) -> AttendanceFact:
    """Give a sign of still being there; the telephone sends it by itself."""
    return await attendance.sign(tx, by, told, house.clock.now())


@router.get("/posts/{post_id}/attendance")
async def attended(
    post_id: RowId, by: By, tx: InTx, house: InHouse, start: Moment | None = None, end: Moment | None = None
) -> list[AttendanceFact]:
    """Return who was at a post within a span, the last day unless told."""
    require(by, "see_desk")
    if not await duty.posts(tx, by.stream, by.scope, post_id):
        raise NotFound("该值班岗位", "duty post")
    until = end or house.clock.now() + timedelta(minutes=1)
    return await store.of_post(tx, post_id, start or until - timedelta(days=1), until)


@router.get("/gaps")
async def listed(
    by: By, tx: InTx, house: InHouse, *, past: bool = False, limit: Limit = 200
) -> list[GapFact]:
    """Return the seats of the scope that are or will be empty; with `past` also those of the last month."""
    require(by, "see_desk")
    now = house.clock.now()
    since = now - SHOWN_FOR if past else now
    return await store.gaps(tx, by.stream, by.scope, since, only_open=not past, limit=limit)


@router.get("/posts/{post_id}/substitutes")
async def could_fill(
    post_id: RowId, seat_id: RowId, start: Moment, end: Moment, by: By, tx: InTx, house: InHouse
) -> list[SubstituteFact]:
    """Return who could fill a seat for a while, the fittest first, and what stands against the others."""
    require(by, "see_desk")
    if not await duty.posts(tx, by.stream, by.scope, post_id):
        raise NotFound("该值班岗位", "duty post")
    if seat_id not in {seat.id for seat in (await duty.seats(tx, [post_id]))[post_id]}:
        raise NotFound("该席位", "seat")
    if not start < end <= start + LONGEST:
        raise InvalidInput(
            FieldFault("end", "结束须晚于开始且不超过35天", "end must follow start, by 35 days at most")
        )
    return await substitutes(tx, post_id, seat_id, start, end, house.settings.zone)


@router.post("/posts/{post_id}/stand-ins", status_code=201)
async def stand_in(post_id: RowId, told: StandInIn, by: By, tx: InTx, house: InHouse) -> OverrideFact:
    """Fill a gap with a person from now on."""
    return await gaps.stand_in(tx, by, post_id, told, house.clock.now(), house.settings.zone)


@router.get("/posts/{post_id}/leader-calls")
async def calls(post_id: RowId, by: By, tx: InTx, house: InHouse) -> list[LeaderCallFact]:
    """Return the calls to those who lead now, in this shift of theirs, the last one last."""
    require(by, "see_desk")
    if not await duty.posts(tx, by.stream, by.scope, post_id):
        raise NotFound("该值班岗位", "duty post")
    held = await leader.leading(tx, post_id, house.clock.now())
    found = [call for shift in held for call in await store.leader_calls(tx, shift.id)]
    return sorted(found, key=lambda call: call.id)


@router.post("/posts/{post_id}/leader-calls", status_code=201)
async def note_call(post_id: RowId, told: LeaderCallIn, by: By, tx: InTx, house: InHouse) -> LeaderCallFact:
    """Note a call to the leader in charge; after three in vain a deputy leads in his place."""
    return await leader.note_call(tx, by, post_id, told, house.clock.now(), house.settings.zone)
