"""Calendar feeds: addresses that calendar programs read without a login, made and revoked here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.house import By, House, InHouse, InTx
from app.api.late_route import LateRoute
from app.api.route import DeskRoute
from app.commands import RowId
from app.db import Tx
from app.duty import store as duty
from app.duty.feeds import actions, store
from app.duty.feeds.facts import FeedFact, FeedIn, NewFeed
from app.duty.feeds.ics import calendar
from app.org.rules.access import require
from app.refusals import NotFound

router = APIRouter(prefix="/api/duty/feeds", tags=["duty"], route_class=DeskRoute)
# No cookie: the token in the address is the key.
door = APIRouter(prefix="/api/duty", tags=["duty"], route_class=LateRoute)
Token = Annotated[str, Query(max_length=100)]
BACK, AHEAD = timedelta(days=62), timedelta(days=200)
CANCELLED_FOR = timedelta(days=62)


@router.get("")
async def listed(by: By, tx: InTx) -> list[FeedFact]:
    """Return my calendar addresses; their secrets are told only once."""
    return await store.listed(tx, by.account_id)


@router.post("", status_code=201)
async def make(told: FeedIn, by: By, tx: InTx, house: InHouse) -> NewFeed:
    """Make a calendar address of my shifts, or of the roster of a post."""
    return await actions.make(tx, by, told, house.clock.now())


@router.delete("/{feed_id}")
async def revoke(feed_id: RowId, by: By, tx: InTx, house: InHouse) -> FeedFact:
    """Let a calendar address work no longer."""
    return await actions.revoke(tx, by, feed_id, house.clock.now())


@door.get("/mine.ics", response_class=Response, responses={200: {"content": {"text/calendar": {}}}})
async def mine(token: Token, house: InHouse) -> Response:
    """Return the shifts of the person whose address this is, as iCalendar."""
    async with house.database.snapshot() as tx:
        by = await actions.reader(tx, token, None)
        if by.person_id is None:
            raise actions.NoSuchFeed
        now = house.clock.now()
        found = await store.shifts(tx, by.stream, *_span(now), person_id=by.person_id)
    return _answer(calendar(f"值班 {by.name}", found, by.stream, mine=True))


@door.get(
    "/posts/{post_id}/roster.ics",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {}}}},
)
async def of_post(post_id: RowId, token: Token, house: InHouse) -> Response:
    """Return the roster of a post, as iCalendar, while the account that made the address may see it."""
    async with house.database.snapshot() as tx:
        return await _post(tx, post_id, token, house)


async def _post(tx: Tx, post_id: int, token: str, house: House) -> Response:
    by = await actions.reader(tx, token, post_id)
    require(by, "see_desk")
    posts = await duty.posts(tx, by.stream, by.scope, post_id)
    if not posts:
        raise NotFound("该值班岗位", "duty post")
    found = await store.shifts(tx, by.stream, *_span(house.clock.now()), post_id=post_id)
    return _answer(calendar(f"{posts[0].name} 值班表", found, by.stream, mine=False))


def _span(now: datetime) -> tuple[datetime, datetime, datetime]:
    return now - BACK, now + AHEAD, now - CANCELLED_FOR


def _answer(document: bytes) -> Response:
    return Response(
        document, media_type="text/calendar; charset=utf-8", headers={"Cache-Control": "no-store"}
    )
