"""Rosters generated: begin, watch, cancel; the wishes that are heeded."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.rosters import Month
from app.api.route import DeskRoute
from app.commands import RowId
from app.duty import store as duty
from app.duty.county_days import store as county_days
from app.duty.generation import actions, store
from app.duty.generation.commands import GenerationIn, WishIn
from app.duty.generation.desk import GenerationDesk
from app.duty.generation.facts import GenerationFact, WishFact
from app.duty.generation.loading import load_problem
from app.duty.generation.rules.bounds import BadProblem
from app.duty.roster.actions.post import parse_month, post_for_planning
from app.duty.roster.store import plans
from app.org.rules.access import require
from app.refusals import FieldFault, InvalidInput, NotFound

router = APIRouter(prefix="/api/duty", tags=["duty"], route_class=DeskRoute)


def _desk(house: InHouse) -> GenerationDesk:
    assert house.generation is not None
    return house.generation


def _last_day(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


@router.post("/generation", status_code=202)
async def begin(told: GenerationIn, by: By, tx: InTx, house: InHouse) -> GenerationFact:
    """Have the month of these posts filled; the result goes into their drafts. One at a time a planner."""
    first_day = parse_month(told.month)
    ids = sorted(set(told.post_ids))
    versions = {}
    for post_id in ids:
        await post_for_planning(tx, by, post_id)
        versions[post_id] = (await plans.month(tx, post_id, first_day)).draft_version
    posts = [post for post in await duty.posts(tx, by.stream, by.scope) if post.id in versions]
    own = await county_days.extra_days(tx, by.stream)
    problem = await load_problem(tx, posts, first_day, told, house.settings.zone, own)
    try:
        return _desk(house).begin(by, first_day, versions, problem, float(told.seconds))
    except BadProblem as bad:
        raise InvalidInput(FieldFault("post_ids", bad.zh, bad.en)) from bad


@router.get("/generation")
async def look(by: By, house: InHouse) -> GenerationFact:
    """Return how far the generation is, or what came of the last one on this node."""
    require(by, "plan_duty")
    return _desk(house).fact(by)


@router.delete("/generation")
async def cancel(by: By, house: InHouse) -> GenerationFact:
    """Stop the generation; drafts stay as they were."""
    require(by, "plan_duty")
    return _desk(house).cancel(by)


@router.get("/posts/{post_id}/wishes/{month}")
async def wishes(post_id: RowId, month: Month, by: By, tx: InTx) -> list[WishFact]:
    """Return the wishes of a post's people for a month."""
    require(by, "see_desk")
    found = await duty.posts(tx, by.stream, by.scope, post_id)
    if not found:
        raise NotFound("该值班岗位", "duty post")
    return await store.wishes_of_unit(tx, found[0].unit_id, month, _last_day(month))


@router.get("/wishes/{month}")
async def my_wishes(month: Month, by: By, tx: InTx) -> list[WishFact]:
    """Return one's own wishes for a month."""
    return await store.wishes(tx, [] if by.person_id is None else [by.person_id], month, _last_day(month))


@router.put("/wishes", status_code=204)
async def wish(told: WishIn, by: By, tx: InTx, house: InHouse) -> None:
    """Wish for a day of duty or against one; with no kind, take the wish back."""
    await actions.wish(tx, by, told, house.clock.now(), house.settings.zone)
