"""The roster of a post: its month as a draft and as published, changes for a while, rotations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.db import Tx
from app.duty import store as duty
from app.duty.roster.actions import changes, publish
from app.duty.roster.actions.post import month_of, parse_month
from app.duty.roster.commands import DraftIn, OverrideIn, ProposalIn, PublishIn, TemporaryIn
from app.duty.roster.facts import (
    OverrideFact,
    PersonAtPost,
    PostFact,
    RosterFact,
    RosterPreview,
    SeatFact,
    ShiftFact,
    TemporaryFact,
)
from app.duty.roster.store import plans, shifts
from app.org.rules.access import Viewer, require
from app.refusals import NotFound
from app.wire import Fact

router = APIRouter(prefix="/api/duty/posts/{post_id}", tags=["duty"], route_class=DeskRoute)


async def _month(month: str) -> date:
    return parse_month(month)


Month = Annotated[date, Depends(_month)]
RECENTLY = timedelta(days=62)
AHEAD = timedelta(days=3650)


class RosterOut(Fact):
    """A month of a post: its seats, what was published, the draft, what holds, and what changed it."""

    post: PostFact
    seats: list[SeatFact]
    roster: RosterFact
    shifts: list[ShiftFact]
    overrides: list[OverrideFact]
    temporaries: list[TemporaryFact]


async def post_of(tx: Tx, by: Viewer, post_id: int) -> PostFact:
    """Return a post that this person may see. Raises NotFound, NotPermitted."""
    require(by, "see_desk")
    found = await duty.posts(tx, by.stream, by.scope, post_id)
    if not found:
        raise NotFound("该值班岗位", "duty post")
    return found[0]


@router.get("/people")
async def people(post_id: RowId, by: By, tx: InTx, house: InHouse) -> list[PersonAtPost]:
    """Return who can be planned at the post: the people of its unit, then whoever is planned there anyway."""
    await post_of(tx, by, post_id)
    return await plans.people(tx, post_id, house.clock.now() - RECENTLY)


@router.get("/rosters/{month}")
async def roster(post_id: RowId, month: Month, by: By, tx: InTx, house: InHouse) -> RosterOut:
    """Return the roster of a month (2026-12), from the 1st 08:00 to the next 1st 08:00."""
    post = await post_of(tx, by, post_id)
    span = month_of(month, house.settings.zone)
    overrides, temporaries = await plans.changes_of_post(tx, post_id, span.start, span.end)
    return RosterOut(
        post=post,
        seats=(await duty.seats(tx, [post_id]))[post_id],
        roster=publish.roster_fact(await plans.month(tx, post_id, month)),
        shifts=await shifts.between(tx, post_id, span.start, span.end),
        overrides=overrides,
        temporaries=temporaries,
    )


@router.get("/rosters/{month}/preview")
async def preview(post_id: RowId, month: Month, by: By, tx: InTx, house: InHouse) -> RosterPreview:
    """Return what would hold if the draft were published now, and what the rules say of it."""
    post = await post_of(tx, by, post_id)
    stored = await plans.month(tx, post_id, month)
    return await publish.preview(tx, by.stream, post, stored, house.clock.now(), house.settings.zone)


@router.put("/rosters/{month}/draft")
async def save_draft(
    post_id: RowId, month: Month, told: DraftIn, by: By, tx: InTx, house: InHouse
) -> RosterPreview:
    """Put a whole draft in the place of the one that was read; the answer shows what would hold."""
    return await publish.save_draft(tx, by, post_id, month, told, house.clock.now(), house.settings.zone)


@router.post("/rosters/{month}/proposal")
async def propose(
    post_id: RowId, month: Month, told: ProposalIn, by: By, tx: InTx, house: InHouse
) -> RosterPreview:
    """Fill the draft from the post's rotations or from what is published."""
    return await publish.propose(tx, by, post_id, month, told, house.clock.now(), house.settings.zone)


@router.post("/rosters/{month}/publish")
async def publish_draft(
    post_id: RowId, month: Month, told: PublishIn, by: By, tx: InTx, house: InHouse
) -> RosterPreview:
    """Let the draft hold from now on. Refused with every finding that blocks or was not accepted."""
    return await publish.publish(tx, by, post_id, month, told, house.clock.now(), house.settings.zone)


@router.post("/overrides", status_code=201)
async def override(post_id: RowId, told: OverrideIn, by: By, tx: InTx, house: InHouse) -> OverrideFact:
    """Add a person to a seat, remove one, or put one in the place of another, for a while."""
    return await changes.override(tx, by, post_id, told, house.clock.now(), house.settings.zone)


@router.delete("/overrides/{override_id}")
async def revoke_override(
    post_id: RowId, override_id: RowId, by: By, tx: InTx, house: InHouse
) -> OverrideFact:
    """Take an override back: from now on the roster holds again."""
    return await changes.revoke_override(tx, by, post_id, override_id, house.clock.now(), house.settings.zone)


@router.get("/temporary-schedules")
async def temporaries(post_id: RowId, by: By, tx: InTx, house: InHouse) -> list[TemporaryFact]:
    """Return the temporary schedules that hold now or later."""
    await post_of(tx, by, post_id)
    now = house.clock.now()
    _, found = await plans.changes_of_post(tx, post_id, now, now + AHEAD)
    return [one for one in found if one.revoked_at is None]


@router.post("/temporary-schedules", status_code=201)
async def set_temporary(post_id: RowId, told: TemporaryIn, by: By, tx: InTx, house: InHouse) -> TemporaryFact:
    """Let only these shifts hold at a seat for a while."""
    return await changes.set_temporary(tx, by, post_id, told, house.clock.now(), house.settings.zone)


@router.delete("/temporary-schedules/{temporary_id}")
async def revoke_temporary(
    post_id: RowId, temporary_id: RowId, by: By, tx: InTx, house: InHouse
) -> TemporaryFact:
    """Take a temporary schedule back."""
    return await changes.revoke_temporary(
        tx, by, post_id, temporary_id, house.clock.now(), house.settings.zone
    )
