"""Who is on duty: now, at another instant, and my own shifts."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import Moment, RowId
from app.duty.roster import on_duty
from app.duty.roster.facts import PostOnDuty, ShiftFact
from app.duty.roster.store import shifts
from app.org.rules.access import require
from app.refusals import NotFound

router = APIRouter(prefix="/api/duty", tags=["duty"], route_class=DeskRoute)
Days = Annotated[int, Query(ge=1, le=400)]


@router.get("/now")
async def now(by: By, tx: InTx, house: InHouse, at: Moment | None = None) -> list[PostOnDuty]:
    """Return who holds each seat of the scope's posts at an instant (now unless told), and who is next."""
    require(by, "see_desk")
    return await on_duty.on_duty(tx, by.stream, by.scope, at or house.clock.now(), zone=house.settings.zone)


@router.get("/posts/{post_id}/now")
async def now_at_post(
    post_id: RowId, by: By, tx: InTx, house: InHouse, at: Moment | None = None
) -> PostOnDuty:
    """Return who holds the seats of one post."""
    require(by, "see_desk")
    found = await on_duty.on_duty(
        tx, by.stream, by.scope, at or house.clock.now(), post_id, zone=house.settings.zone
    )
    if not found:
        raise NotFound("该值班岗位", "duty post")
    return found[0]


@router.get("/mine")
async def mine(by: By, tx: InTx, house: InHouse, days: Days = 62) -> list[ShiftFact]:
    """Return my shifts from yesterday on, at whatever post."""
    if by.person_id is None:
        return []
    today = house.clock.now()
    return await shifts.of_person(
        tx, by.stream, by.person_id, today - timedelta(days=1), today + timedelta(days=days)
    )
